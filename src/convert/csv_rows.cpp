#include "convert/csv_rows.hpp"

#include <limits>
#include <type_traits>
#include <utility>

#include "cardseg/core/error.hpp"
#include "convert/csv_values.hpp"

namespace cardseg::convert {
namespace {

RowProblem shape_problem(const CsvRecord& record, std::size_t columns) {
  if (record.problem != CsvProblem::none) return {record.problem, -1};
  if (record.fields.size() != columns)
    return {CsvProblem::wrong_field_count, static_cast<std::int32_t>(record.fields.size())};
  return {};
}

template <class T, class Store>
CsvProblem read_number(std::string_view text, bool is_missing, Store& store) {
  T number = std::numeric_limits<T>::quiet_NaN();  // 0 for integers, which are never stored when missing
  if (is_missing && std::is_integral_v<T>) return CsvProblem::missing_value;
  const CsvProblem problem = is_missing ? CsvProblem::none : parse(text, number);
  if (problem == CsvProblem::none) store(number);
  return problem;
}

template <class T, class Store>
CsvProblem read_boolean(std::string_view text, bool is_missing, Store& store) {
  bool truth = false;
  if (is_missing && std::is_integral_v<T>) return CsvProblem::missing_value;
  const CsvProblem problem = is_missing ? CsvProblem::none : parse_boolean(text, truth);
  if (problem == CsvProblem::none) store(is_missing ? std::numeric_limits<T>::quiet_NaN() : static_cast<T>(truth));
  return problem;
}

// Calls store(x) with x of the type in which the column stores values (for texts: the field, empty where it is missing).
template <class Store>
CsvProblem read_value(const CsvColumn& column, const CsvField& field, Store store) {
  const ValueRule rule = column.rule;
  if (rule == ValueRule::left_out) return CsvProblem::none;
  if (field.length() > csv_max_text_bytes) return CsvProblem::field_too_long;
  if (rule == ValueRule::undecided) return CsvProblem::none;
  const std::string_view text = without_blanks(field.raw());
  const bool is_missing = column.gaps.contains(text);
  switch (rule) {
    case ValueRule::undecided:
    case ValueRule::left_out: return CsvProblem::none;
    case ValueRule::boolean: return read_boolean<std::int8_t>(text, is_missing, store);
    case ValueRule::int32: return read_number<std::int32_t>(text, is_missing, store);
    case ValueRule::int64: return read_number<std::int64_t>(text, is_missing, store);
    case ValueRule::float32: return read_number<float>(text, is_missing, store);
    case ValueRule::float64: return read_number<double>(text, is_missing, store);
    case ValueRule::boolean_as_float64: return read_boolean<double>(text, is_missing, store);
    case ValueRule::text: store(is_missing ? CsvField{} : field); return CsvProblem::none;
  }
  throw core::Error(core::ExitCode::internal, "no such value rule");
}

// Appends what read_value hands over to a column of a block.
struct Appender {
  io::ColumnValues& values;

  void operator()(const CsvField& field) const { std::get<std::vector<std::string>>(values).push_back(field.value()); }
  template <class T>
  void operator()(T number) const {
    std::get<std::vector<T>>(values).push_back(number);
  }
};

}  // namespace

ValueRule rule_of(io::ColumnType type) {
  switch (type) {
    case io::ColumnType::boolean: return ValueRule::boolean;
    case io::ColumnType::int32: return ValueRule::int32;
    case io::ColumnType::int64: return ValueRule::int64;
    case io::ColumnType::float32: return ValueRule::float32;
    case io::ColumnType::float64: return ValueRule::float64;
    case io::ColumnType::text: return ValueRule::text;
  }
  throw core::Error(core::ExitCode::internal, "no such column type");
}

RowProblem RowExaminer::examine(const CsvRecord& record) {
  if (const RowProblem problem = shape_problem(record, columns_.size())) return problem;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const CsvField& field = record.fields[c];
    const CsvProblem problem = read_value(columns_[c], field, [](const auto&) {});
    if (problem != CsvProblem::none) return {problem, static_cast<std::int32_t>(c)};
    classes_[c] = class_of(c, field);
  }
  for (std::size_t c = 0; c < columns_.size(); ++c)
    evidence_[c].add(classes_[c], static_cast<std::int64_t>(record.fields[c].length()));
  return {};
}

// In a column whose type is known, or that holds a text already, only missing values are told from others.
ValueClass RowExaminer::class_of(std::size_t column, const CsvField& field) {
  const std::string_view value = without_blanks(field.raw());
  const int gap = columns_[column].gaps.find(value);
  if (gap >= 0) note_gap_word(static_cast<std::size_t>(gap));
  if (gap != GapWords::no_gap) return ValueClass::missing;
  const bool is_settled =
      columns_[column].rule != ValueRule::undecided || evidence_[column].count(ValueClass::text) > 0;
  return is_settled ? ValueClass::text : classify(value);
}

void RowExaminer::note_gap_word(std::size_t index) {
  if (gap_words_found_.size() <= index) gap_words_found_.resize(index + 1);
  gap_words_found_[index] = true;
}

BlockBuilder::BlockBuilder(const std::vector<CsvColumn>& columns, const std::vector<io::ColumnSpec>& specs)
    : columns_(columns) {
  for (const io::ColumnSpec& spec : specs) block_.push_back(io::make_values(spec.type));
}

RowProblem BlockBuilder::append(const CsvRecord& record) {
  if (const RowProblem problem = shape_problem(record, columns_.size())) return problem;
  std::size_t stored = 0;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (columns_[c].rule == ValueRule::left_out) continue;
    const CsvProblem problem = read_value(columns_[c], record.fields[c], Appender{block_[stored]});
    if (problem != CsvProblem::none) {
      cut_to_rows();
      return {problem, static_cast<std::int32_t>(c)};
    }
    ++stored;
  }
  ++rows_;
  return {};
}

void BlockBuilder::clear() {
  rows_ = 0;
  cut_to_rows();
}

// Takes back what a row stored before it turned out bad.
void BlockBuilder::cut_to_rows() {
  for (io::ColumnValues& column : block_)
    std::visit([&](auto& values) { values.resize(static_cast<std::size_t>(rows_)); }, column);
}

}  // namespace cardseg::convert
