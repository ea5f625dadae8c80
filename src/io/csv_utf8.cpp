#include "io/csv_utf8.hpp"

#include <cstddef>
#include <cstdint>

namespace cardseg::io {
namespace {

struct SequenceRule {
  std::size_t bytes;            // 0: not a first byte
  unsigned char second_lowest;  // of the second byte
  unsigned char second_highest;
};

// Table 3-7 of the Unicode standard, "Well-formed UTF-8 byte sequences".
SequenceRule rule_of(unsigned char first) {
  if (first >= 0xC2 && first <= 0xDF) return {2, 0x80, 0xBF};
  if (first == 0xE0) return {3, 0xA0, 0xBF};
  if (first == 0xED) return {3, 0x80, 0x9F};
  if (first >= 0xE1 && first <= 0xEF) return {3, 0x80, 0xBF};
  if (first == 0xF0) return {4, 0x90, 0xBF};
  if (first >= 0xF1 && first <= 0xF3) return {4, 0x80, 0xBF};
  if (first == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

bool is_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t at = 0; at < text.size();) {
    if (byte(at) < 0x80) {
      ++at;
      continue;
    }
    const SequenceRule rule = rule_of(byte(at));
    if (rule.bytes == 0 || at + rule.bytes > text.size()) return false;
    if (byte(at + 1) < rule.second_lowest || byte(at + 1) > rule.second_highest) return false;
    for (std::size_t i = 2; i < rule.bytes; ++i)
      if ((byte(at + i) & 0xC0) != 0x80) return false;
    at += rule.bytes;
  }
  return true;
}

}  // namespace

CsvProblem find_text_problem(std::string_view bytes) {
  // Plain ASCII without NUL, the common case, in one vectorised sweep.
  std::uint8_t high_bits = 0;
  std::uint8_t zeros = 0;
  for (const char c : bytes) {
    high_bits = static_cast<std::uint8_t>(high_bits | static_cast<std::uint8_t>(c));
    zeros = static_cast<std::uint8_t>(zeros | (c == '\0' ? 1 : 0));
  }
  if (zeros != 0) return CsvProblem::nul_byte;
  return (high_bits & 0x80) == 0 || is_utf8(bytes) ? CsvProblem::none : CsvProblem::invalid_utf8;
}

}  // namespace cardseg::io
