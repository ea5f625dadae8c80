// Numbers as files of a run write them.
#pragma once

#include <string>

namespace cardseg::core {

/// The fewest digits that read back as the same number; NaN, which stands for no value, is an empty text.
std::string number_text(double value);

}  // namespace cardseg::core
