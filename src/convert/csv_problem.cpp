#include "cardseg/convert/csv_problem.hpp"

namespace cardseg::convert {

const char* describe(CsvProblem problem) {
  switch (problem) {
    case CsvProblem::none: return "no problem";
    case CsvProblem::wrong_field_count: return "another number of fields than the header";
    case CsvProblem::quote_in_field: return "a quote inside a field that does not begin with one";
    case CsvProblem::text_after_quote: return "text between a closing quote and the next delimiter";
    case CsvProblem::unclosed_quote: return "a quote that is never closed";
    case CsvProblem::bare_carriage_return: return "a carriage return without a line feed";
    case CsvProblem::nul_byte: return "a NUL byte";
    case CsvProblem::invalid_utf8: return "bytes that are not UTF-8";
    case CsvProblem::field_too_long: return "a field of more than 1024 bytes";
    case CsvProblem::not_a_boolean: return "no boolean";
    case CsvProblem::not_an_integer: return "no integer";
    case CsvProblem::not_a_number: return "no number";
    case CsvProblem::not_a_date: return "no date";
    case CsvProblem::number_out_of_range: return "a number that is infinite or out of range";
    case CsvProblem::missing_value: return "a missing value, which an integer or boolean column cannot hold";
    case CsvProblem::nothing_there: return "no value";
    case CsvProblem::too_many_decimals: return "an amount with more decimals than its currency has";
  }
  return "unknown problem";
}

}  // namespace cardseg::convert
