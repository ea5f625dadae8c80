#include "convert/csv_utf8.hpp"

#include <cstdint>

#include "cardseg/io/utf8.hpp"

namespace cardseg::convert {

CsvProblem find_text_problem(std::string_view bytes) {
  // Plain ASCII without NUL, the common case, in one vectorised sweep.
  std::uint8_t high_bits = 0;
  std::uint8_t zeros = 0;
  for (const char c : bytes) {
    high_bits = static_cast<std::uint8_t>(high_bits | static_cast<std::uint8_t>(c));
    zeros = static_cast<std::uint8_t>(zeros | (c == '\0' ? 1 : 0));
  }
  if (zeros != 0) return CsvProblem::nul_byte;
  return (high_bits & 0x80) == 0 || io::is_utf8(bytes) ? CsvProblem::none : CsvProblem::invalid_utf8;
}

}  // namespace cardseg::convert
