// Times as people write them: 90, 55m, 1h30m.
#pragma once

#include <string>

namespace cardseg::cli {

/// The seconds that `text` says: numbers with d, h, m (or min) or s, largest first, as "1h30m"; a number alone is seconds.
/// Throws core::Error(usage) that names `option`.
double parse_duration(const std::string& text, const std::string& option);

}  // namespace cardseg::cli
