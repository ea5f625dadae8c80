// The ways in which a row of a CSV file can fail to parse.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cardseg/io/table.hpp"

namespace cardseg::convert {

enum class CsvProblem : std::uint8_t {
  none,
  wrong_field_count,
  quote_in_field,        ///< a quote inside a field that does not begin with one
  text_after_quote,      ///< something other than a delimiter or line end after a closing quote
  unclosed_quote,        ///< the file ends inside quotes
  bare_carriage_return,  ///< a carriage return outside quotes that no line feed follows
  nul_byte,
  invalid_utf8,
  field_too_long,  ///< more than csv_max_text_bytes
  not_a_boolean,   ///< in a column that was given a type
  not_an_integer,
  not_a_number,
  not_a_date,
  number_out_of_range,  ///< infinite, or too large for the column's type
  missing_value,        ///< in an integer or boolean column: their types hold no missing values
  nothing_there,        ///< no value where every row needs one
  too_many_decimals,    ///< more decimals than the smallest unit of money has
};

inline constexpr std::size_t csv_problem_count = static_cast<std::size_t>(CsvProblem::too_many_decimals) + 1;

/// Longest text of a field, in bytes: a chunk of 65,536 texts of one column then has 64 MiB, the most a reader accepts.
inline constexpr std::size_t csv_max_text_bytes = 1024;
/// Longest row of a CSV file, in bytes.
inline constexpr std::size_t csv_max_record_bytes = std::size_t{16} << 20;
/// Most columns of a CSV file.
inline constexpr std::size_t csv_max_columns = io::max_columns;

/// A short phrase: "a quote inside an unquoted field".
const char* describe(CsvProblem problem);

}  // namespace cardseg::convert
