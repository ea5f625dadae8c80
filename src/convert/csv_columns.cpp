#include "convert/csv_columns.hpp"

#include <algorithm>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/nearest_name.hpp"

namespace cardseg::convert {
namespace {

using core::Error;
using core::ExitCode;

void check_is_column(const CsvDialect& dialect, const std::string& subject, const std::string& name) {
  const auto& names = dialect.column_names;
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  const std::string guess = core::did_you_mean(name, names);
  throw Error(ExitCode::usage, subject + " names a column '" + name + "' that the header does not have")
      .remedy(guess.empty() ? "The first line of the file names its columns" : guess);
}

}  // namespace

std::vector<CsvColumn> columns_of(const CsvDialect& dialect, const ConvertOptions& options) {
  for (const auto& [name, type] : options.types) check_is_column(dialect, core::field("type"), name);
  for (const std::string& name : options.exclude) check_is_column(dialect, core::field("exclude"), name);
  for (const std::string& name : options.date_columns) check_is_column(dialect, core::field("type"), name);
  for (const GapWord& gap : options.missing)
    if (!gap.column.empty()) check_is_column(dialect, core::field("na"), gap.column);
  std::vector<CsvColumn> columns;
  bool is_any_kept = false;
  for (const std::string& name : dialect.column_names) {
    const auto given = options.types.find(name);
    const bool is_left_out = std::count(options.exclude.begin(), options.exclude.end(), name) > 0;
    const ValueRule rule = given == options.types.end() ? ValueRule::undecided : rule_of(given->second);
    columns.push_back({name, is_left_out ? ValueRule::left_out : rule, GapWords(options.missing, name)});
    is_any_kept = is_any_kept || !is_left_out;
  }
  if (!is_any_kept) throw Error(ExitCode::usage, core::field("exclude") + " leaves no column");
  return columns;
}

std::vector<std::optional<ExpectedColumn>> expected_columns(const Expectation& like, const ConvertOptions& options,
                                                            const CsvFile& file, CsvDialect& dialect,
                                                            std::vector<CsvColumn>& columns) {
  const auto& names = dialect.column_names;
  std::vector<std::optional<ExpectedColumn>> expected(columns.size());
  for (const ExpectedColumn& column : like.columns) {
    const auto found = std::find(names.begin(), names.end(), column.name);
    if (found != names.end()) {
      expected[static_cast<std::size_t>(found - names.begin())] = column;
      continue;
    }
    Error error(ExitCode::bad_data, "has no column '" + column.name + "', which " + like.source + " has");
    const std::string guess = core::did_you_mean(column.name, names);
    throw error.in_file(file.place_of(1).file)
        .remedy(guess.empty() ? "Add the column, or leave " + core::field("like") + " out" : guess);
  }
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (!like.is_whole || expected[c] || columns[c].rule == ValueRule::left_out) continue;
    columns[c].rule = ValueRule::left_out;
    dialect.warnings.push_back("column " + names[c] + " is not in " + like.source + "; it is left out");
  }
  for (const std::string& name : options.date_columns) {
    const auto c = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    expected[c] = ExpectedColumn{name, io::ColumnType::int32, true};
  }
  return expected;
}

}  // namespace cardseg::convert
