#include "convert/csv_bad_rows.hpp"

#include <numeric>

#include "cardseg/core/field.hpp"
namespace cardseg::convert {

void BadRowList::add(const BadRow& row) {
  ++counts_[static_cast<std::size_t>(row.what.problem)];
  if (rows_.size() < max_listed) rows_.push_back(row);
}

std::int64_t BadRowList::count() const { return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0}); }

std::string lines_of(const BadRow& row) {
  if (row.first_line == row.last_line) return "line " + std::to_string(row.first_line);
  return "lines " + std::to_string(row.first_line) + " to " + std::to_string(row.last_line);
}

std::string describe(const RowProblem& what, const std::vector<std::string>& column_names) {
  const std::string reason = describe(what.problem);
  if (what.problem == CsvProblem::wrong_field_count)
    return "has " + std::to_string(what.detail) + (what.detail == 1 ? " field" : " fields") + ", the header has " +
           std::to_string(column_names.size());
  const auto column = static_cast<std::size_t>(what.detail);
  if (what.detail < 0 || column >= column_names.size()) return "holds " + reason;
  return "holds " + reason + " in column " + std::to_string(column + 1) + " (" + column_names[column] + ")";
}

core::Error bad_row_error(const std::filesystem::path& file, const BadRow& row,
                          const std::vector<std::string>& column_names) {
  core::Error error(core::ExitCode::bad_data, lines_of(row) + " " + describe(row.what, column_names));
  error.in_file(file.string()).remedy("Correct it, or leave such rows out with " + core::field("bad-rows") + " skip");
  return error;
}

}  // namespace cardseg::convert
