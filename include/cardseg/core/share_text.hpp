// Shares as people write them: 0.1 or 10%.
#pragma once

#include <optional>
#include <string_view>

namespace cardseg::core {

/// Pure. The share that `text` says, "0.001" or "0.1%", blanks aside; nothing where it says none from 0 to 1.
std::optional<double> share_in(std::string_view text);

}  // namespace cardseg::core
