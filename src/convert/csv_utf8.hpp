// Whether bytes are text: UTF-8 without NUL.
#pragma once

#include <string_view>

#include "cardseg/convert/csv_problem.hpp"

namespace cardseg::convert {

/// `none`, `nul_byte` or `invalid_utf8` (also overlong forms, surrogates and code points past U+10FFFF).
CsvProblem find_text_problem(std::string_view bytes);

}  // namespace cardseg::convert
