// Which type a CSV column gets, from all of its values.
//
// Blanks and tabs around a value count only in texts. Quotes make no difference: "56" is a number, "NA" is missing.
//   boolean   every value is true or false (any case)
//   int64     every value is an integer that fits 64 bits
//   float64   every value is a number (1, -2.5, .5, 1e3), at least one of them not an integer; or integers or booleans
//             with missing values (booleans become 0 and 1), because only floating-point columns can hold a gap (NaN);
//             or no value at all
//   text      anything else; also what looks like a number but is an identifier that a number would damage: a leading
//             zero (00123), a leading plus (+49301234), and, in columns of integers only, more than 64 bits or, where
//             values are missing, more than 2^53
// Infinite values (inf, infinity, 1e999) do not turn a column of numbers into text: their rows do not parse.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "cardseg/io/table.hpp"

namespace cardseg::convert {

enum class ValueClass : std::uint8_t {
  missing,
  boolean,
  integer,
  wide_integer,  ///< fits 64 bits, but not every integer of its size fits a double
  huge_integer,  ///< does not fit 64 bits
  real,
  infinite,
  text,
};
inline constexpr std::size_t value_class_count = static_cast<std::size_t>(ValueClass::text) + 1;

/// `text` without the blanks and tabs around it.
inline std::string_view without_blanks(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// The class of a value that is not missing; precondition: no blanks around it.
ValueClass classify(std::string_view value);

/// How many values of each class a column has. Adding the numbers of two parts of the column gives those of both.
struct ColumnEvidence {
  std::array<std::int64_t, value_class_count> counts{};
  std::int64_t longest_bytes = 0;  ///< of a value that is not missing

  void add(ValueClass value_class, std::int64_t bytes);
  std::int64_t count(ValueClass value_class) const { return counts[static_cast<std::size_t>(value_class)]; }
  std::int64_t missing() const { return count(ValueClass::missing); }
};

struct InferredType {
  io::ColumnType type = io::ColumnType::float64;
  bool has_boolean_words = false;  ///< a float64 column whose values are written true and false
  std::string note;                ///< what the user should know about the choice; mostly empty
};

/// The rules above.
InferredType infer(const ColumnEvidence& evidence);

}  // namespace cardseg::convert
