// Which type a CSV column gets, from all of its values.
//
// Blanks and tabs around a value count only in texts. Quotes make no difference: "56" is a number, "NA" is missing.
//   boolean   every value is one of two words of one pair, in any case: true/false, yes/no, y/n, t/f, ja/nein, j/n,
//             wahr/falsch; of the pairs of letters both must occur
//   int64     every value is an integer that fits 64 bits
//   float64   every value is a number (1, -2.5, .5, 1e3), at least one of them not an integer; or integers or booleans
//             with missing values (booleans become 0 and 1), because only floating-point columns can hold a gap (NaN);
//             or no value at all
//   date      every value is a date, 2019-01-31 or, where the order was given, 31.01.2019: days since 1970-01-01 as
//             int32, or float64 where values are missing
//   text      anything else; also what looks like a number but is an identifier that a number would damage: a leading
//             zero (00123), a leading plus (+49301234), and, in columns of integers only, more than 64 bits or, where
//             values are missing, more than 2^53
// Infinite values (inf, infinity, 1e999) do not turn a column of numbers into text: their rows do not parse.
//
// Where conventions are given (Conventions), numbers are read as people write them; where they are not, a column that
// looks so is text with a note that names the options, and one that can be read in two ways is refused.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "cardseg/convert/csv_conventions.hpp"
#include "cardseg/io/table.hpp"

namespace cardseg::convert {

enum class ValueClass : std::uint8_t {
  missing,
  boolean,
  integer,
  wide_integer,  ///< fits 64 bits, but not every integer of its size fits a double
  huge_integer,  ///< does not fit 64 bits
  real,
  grouped_real,  ///< written like 10.000: what the point means was not said
  infinite,
  iso_date,
  ordered_date,       ///< a date in the order that was given
  looks_like_date,    ///< would be one in another order
  looks_like_number,  ///< would be one by other conventions
  text,
};
inline constexpr std::size_t value_class_count = static_cast<std::size_t>(ValueClass::text) + 1;

/// What occurs in the values of a column, as bits. Flag words and currencies have bits of their own behind these.
namespace mark {
inline constexpr std::uint64_t percent = 1U << 0;
inline constexpr std::uint64_t parentheses = 1U << 1;
inline constexpr std::uint64_t trailing_minus = 1U << 2;
inline constexpr std::uint64_t unicode_minus = 1U << 3;
inline constexpr std::uint64_t plus = 1U << 4;
inline constexpr std::uint64_t no_break_space = 1U << 5;
inline constexpr std::uint64_t comma_decimal = 1U << 6;  ///< certainly a decimal comma: 5,84
inline constexpr std::uint64_t comma_group = 1U << 7;    ///< certainly between thousands: 1,234,567
inline constexpr std::uint64_t comma_either = 1U << 8;   ///< 1,234
inline constexpr std::uint64_t point_decimal = 1U << 9;
inline constexpr std::uint64_t point_group = 1U << 10;
inline constexpr std::uint64_t point_either = 1U << 11;
inline constexpr std::uint64_t space_group = 1U << 12;
inline constexpr std::uint64_t apostrophe_group = 1U << 13;
inline constexpr std::uint64_t first_over_12 = 1U << 14;   ///< the first number of a date
inline constexpr std::uint64_t second_over_12 = 1U << 15;  ///< the second number of a date
inline constexpr std::uint64_t date_with_points = 1U << 16;
inline constexpr std::uint64_t date_with_other = 1U << 17;  ///< with slashes or hyphens
inline constexpr int first_flag_bit = 20;                   ///< 13 words
inline constexpr int first_currency_bit = 40;               ///< 24 symbols and codes
}  // namespace mark

/// `text` without the blanks and tabs around it.
inline std::string_view without_blanks(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// How many values of each class a column has, and what occurs in them. Two parts' evidence makes that of both:
/// numbers are added, marks united, lengths and lines the largest and the least.
struct ColumnEvidence {
  static constexpr std::int64_t no_line = std::numeric_limits<std::int64_t>::max();

  ColumnEvidence() { first_lines.fill(no_line); }

  std::array<std::int64_t, value_class_count> counts{};
  std::array<std::int64_t, value_class_count> first_lines{};  ///< of the first value of each class
  std::int64_t longest_bytes = 0;                             ///< of a value that is not missing
  std::int64_t percents = 0;                                  ///< numbers with a percent sign
  std::uint64_t marks = 0;

  void add(ValueClass value_class, std::int64_t bytes, std::uint64_t value_marks = 0, std::int64_t line = 0) {
    const auto c = static_cast<std::size_t>(value_class);
    if (counts[c]++ == 0) first_lines[c] = line;
    if (value_marks != 0) {
      marks |= value_marks;
      percents += static_cast<std::int64_t>(value_marks & mark::percent);
    }
    if (value_class != ValueClass::missing && bytes > longest_bytes) longest_bytes = bytes;
  }
  std::int64_t count(ValueClass value_class) const { return counts[static_cast<std::size_t>(value_class)]; }
  std::int64_t first_line(ValueClass value_class) const { return first_lines[static_cast<std::size_t>(value_class)]; }
  std::int64_t missing() const { return count(ValueClass::missing); }
  std::int64_t values() const;   ///< that are not missing
  std::int64_t numbers() const;  ///< infinite ones included
  std::int64_t dates() const { return count(ValueClass::iso_date) + count(ValueClass::ordered_date); }
};

/// What a type is inferred under.
struct FileFacts {
  Conventions conventions{};
  char delimiter = ',';
  bool has_decimal_commas = false;  ///< in some column of the file
  /// A line as the user knows it: "line 17", "line 17 of b.csv".
  std::function<std::string(std::int64_t)> place = [](std::int64_t line) { return "line " + std::to_string(line); };
};

/// A column that can be read in two ways.
struct Ambiguity {
  std::string reason;  ///< "has 3 values ...: 10.000 may be 10 or 10,000"
  std::string remedy;
};

struct InferredType {
  io::ColumnType type = io::ColumnType::float64;
  bool has_boolean_words = false;  ///< a float64 column whose values are written true and false, or yes and no
  bool is_date = false;            ///< int32, or float64 where values are missing
  std::string note{};              ///< what the user should know about the choice; mostly empty
  std::optional<Ambiguity> ambiguity{};
};

/// The rules above.
InferredType infer(const ColumnEvidence& evidence, const FileFacts& facts = {});

/// True where all values are numbers, some of them certainly with decimal commas.
bool has_decimal_commas(const ColumnEvidence& evidence);

}  // namespace cardseg::convert
