#include "convert/csv_bad_rows.hpp"

#include <numeric>

#include "cardseg/core/field.hpp"

namespace cardseg::convert {

void BadRowList::add(const BadRow& row) {
  ++counts_[static_cast<std::size_t>(row.what.problem)];
  if (rows_.size() < max_listed) rows_.push_back(row);
}

std::int64_t BadRowList::count() const { return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0}); }

namespace {

// `line 17` or `lines 17 to 20`.
std::string lines_of(const BadRow& row, const CsvFile& file) {
  const std::int64_t first = file.place_of(row.first_line).line;
  const std::int64_t last = first + row.last_line - row.first_line;
  if (first == last) return "line " + std::to_string(first);
  return "lines " + std::to_string(first) + " to " + std::to_string(last);
}

// `has 3 fields, the header has 18`; `holds no number in column 4 (BALANCE)`.
std::string describe(const RowProblem& what, const std::vector<std::string>& column_names) {
  const std::string reason = describe(what.problem);
  if (what.problem == CsvProblem::wrong_field_count)
    return "has " + std::to_string(what.detail) + (what.detail == 1 ? " field" : " fields") + ", the header has " +
           std::to_string(column_names.size());
  const auto column = static_cast<std::size_t>(what.detail);
  if (what.detail < 0 || column >= column_names.size()) return "holds " + reason;
  return "holds " + reason + " in column " + std::to_string(column + 1) + " (" + column_names[column] + ")";
}

}  // namespace

std::string sentence_of(const BadRow& row, const CsvFile& file, const std::vector<std::string>& column_names) {
  return (row.first_line < row.last_line ? "the row of " : "") + lines_of(row, file) + " " +
         describe(row.what, column_names);
}

std::string listed(const BadRow& row, const CsvFile& file, const std::vector<std::string>& column_names) {
  const auto column = static_cast<std::size_t>(row.what.detail);
  const bool has_column = row.what.problem != CsvProblem::wrong_field_count && row.what.detail >= 0;
  const std::string place = file.has_parts() ? file.place_of(row.first_line).file + " " : "";
  return place + lines_of(row, file) + "\t" + (has_column ? column_names[column] : "") + "\t" +
         (has_column ? std::string("holds ") + describe(row.what.problem) : describe(row.what, column_names)) + "\t" +
         row.id;
}

core::Error bad_row_error(const CsvFile& file, const BadRow& row, const std::vector<std::string>& column_names,
                          bool is_every_row) {
  core::Error error(core::ExitCode::bad_data, sentence_of(row, file, column_names));
  error.in_file(file.place_of(row.first_line).file);
  if (!is_every_row)
    return error.remedy("Correct it, or leave such rows out with " + core::field("bad-rows") + " skip");
  if (row.what.problem == CsvProblem::wrong_field_count)
    return error.remedy("The rows behind it are like it: look at the header and " + core::field("delimiter"));
  if (row.what.detail >= 0)
    return error.remedy("The rows behind it are like it: look at " + core::field("type") + " for this column");
  return error.remedy("The rows behind it are like it: look at how the file was written");
}

}  // namespace cardseg::convert
