// The grammar of numbers that need no convention: 1, -2.5, .5, 1e3.
#pragma once

#include <string_view>

#include "cardseg/convert/csv_types.hpp"

namespace cardseg::convert {

/// integer, wide_integer, huge_integer, real, infinite (also the words for it) or text. A number that begins with a
/// zero before other digits is text.
ValueClass class_of_plain_number(std::string_view value);

}  // namespace cardseg::convert
