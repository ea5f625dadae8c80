// Numbers as files of a run write them.
#pragma once

#include <string>

namespace cardseg::core {

/// The fewest digits that read back as the same number; NaN, which stands for no value, is an empty text.
std::string number_text(double value);

/// The double whose fewest digits are those of a float: 0.1f as 0.1. Back in float32 it is the same number.
double widened(float value);

}  // namespace cardseg::core
