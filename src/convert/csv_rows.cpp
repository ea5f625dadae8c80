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

// Calls store(x) with x of type T, by `read`; integers hold no missing values.
template <class T, class Store, class Read>
CsvProblem read_as(bool is_missing, Store& store, Read read) {
  T number{};
  if constexpr (std::is_floating_point_v<T>) number = std::numeric_limits<T>::quiet_NaN();
  if (is_missing && std::is_integral_v<T>) return CsvProblem::missing_value;
  const CsvProblem problem = is_missing ? CsvProblem::none : read(number);
  if (problem == CsvProblem::none) store(number);
  return problem;
}

template <class T>
CsvProblem read_boolean(std::string_view text, T& number) {
  bool truth = false;
  const CsvProblem problem = parse_boolean(text, truth);
  if (problem == CsvProblem::none) number = static_cast<T>(truth);
  return problem;
}

template <class T>
CsvProblem read_date(const ValueReader& reader, std::string_view text, T& number) {
  std::int32_t days = 0;
  const CsvProblem problem = reader.date(text, days);
  if (problem == CsvProblem::none) number = static_cast<T>(days);
  return problem;
}

// Calls store(x) with x of the type in which the column stores values (for texts: the field, empty where it is
// missing).
template <class Store>
CsvProblem read_value(const CsvColumn& column, const ValueReader& reader, const CsvField& field, Store store) {
  const ValueRule rule = column.rule;
  if (rule == ValueRule::left_out) return CsvProblem::none;
  if (field.length() > csv_max_text_bytes) return CsvProblem::field_too_long;
  const std::string_view text = without_blanks(field.raw());
  const bool is_missing = column.may_have_gaps && column.gaps.contains(text);
  const auto as_number = [&](auto& number) { return reader.number(text, number); };
  const auto as_boolean = [&](auto& number) { return read_boolean(text, number); };
  const auto as_date = [&](auto& number) { return read_date(reader, text, number); };
  switch (rule) {
    case ValueRule::undecided:
    case ValueRule::left_out: return CsvProblem::none;
    case ValueRule::boolean: return read_as<std::int8_t>(is_missing, store, as_boolean);
    case ValueRule::int32: return read_as<std::int32_t>(is_missing, store, as_number);
    case ValueRule::int64: return read_as<std::int64_t>(is_missing, store, as_number);
    case ValueRule::float32: return read_as<float>(is_missing, store, as_number);
    case ValueRule::float64: return read_as<double>(is_missing, store, as_number);
    case ValueRule::boolean_as_float64: return read_as<double>(is_missing, store, as_boolean);
    case ValueRule::date: return read_as<std::int32_t>(is_missing, store, as_date);
    case ValueRule::date_as_float64: return read_as<double>(is_missing, store, as_date);
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

bool is_long_number(ValueClass value_class) {
  return value_class == ValueClass::integer || value_class == ValueClass::wide_integer ||
         value_class == ValueClass::huge_integer || value_class == ValueClass::real;
}

bool is_number(ValueRule rule) {
  return rule == ValueRule::int32 || rule == ValueRule::int64 || rule == ValueRule::float32 ||
         rule == ValueRule::float64;
}

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

ValueRule rule_of(const InferredType& inferred) {
  const bool has_gaps = inferred.type == io::ColumnType::float64;
  if (inferred.is_date) return has_gaps ? ValueRule::date_as_float64 : ValueRule::date;
  return inferred.has_boolean_words ? ValueRule::boolean_as_float64 : rule_of(inferred.type);
}

io::ColumnType type_of(ValueRule rule) {
  switch (rule) {
    case ValueRule::boolean: return io::ColumnType::boolean;
    case ValueRule::int32:
    case ValueRule::date: return io::ColumnType::int32;
    case ValueRule::int64: return io::ColumnType::int64;
    case ValueRule::float32: return io::ColumnType::float32;
    case ValueRule::float64:
    case ValueRule::boolean_as_float64:
    case ValueRule::date_as_float64: return io::ColumnType::float64;
    case ValueRule::text: return io::ColumnType::text;
    case ValueRule::undecided:
    case ValueRule::left_out: break;
  }
  throw core::Error(core::ExitCode::internal, "a column without a type");
}

RowProblem RowExaminer::examine(const CsvRecord& record) {
  if (const RowProblem problem = shape_problem(record, columns_.size())) return problem;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const CsvField& field = record.fields[c];
    if (columns_[c].rule != ValueRule::undecided) {
      const CsvProblem problem = read_value(columns_[c], reader_, field, [](const auto&) {});
      if (problem != CsvProblem::none) return {problem, static_cast<std::int32_t>(c)};
    } else if (field.length() > csv_max_text_bytes) {
      return {CsvProblem::field_too_long, static_cast<std::int32_t>(c)};
    }
    values_[c] = scan(c, field);
  }
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const ScannedValue& value = values_[c];
    const CsvField& field = record.fields[c];
    evidence_[c].add(value.value_class, static_cast<std::int64_t>(field.length()), value.marks, record.first_line);
    if (value.is_short)
      sums_[c].add(value.mantissa, value.scale);
    else if (is_long_number(value.value_class) ||
             (value.value_class != ValueClass::missing && is_number(columns_[c].rule)))
      sums_[c].add(reader_.plain(without_blanks(field.raw())));
  }
  return {};
}

// In columns of text, only missing values are told from others.
ScannedValue RowExaminer::scan(std::size_t column, const CsvField& field) {
  const CsvColumn& c = columns_[column];
  if (c.rule == ValueRule::left_out) return {};
  const std::string_view value = without_blanks(field.raw());
  const int gap = c.gaps.find(value);
  if (gap >= 0) note_gap_word(static_cast<std::size_t>(gap));
  if (gap != GapWords::no_gap) return {.value_class = ValueClass::missing};
  return c.rule == ValueRule::text ? ScannedValue{} : reader_.classify(value);
}

void RowExaminer::note_gap_word(std::size_t index) {
  if (gap_words_found_.size() <= index) gap_words_found_.resize(index + 1);
  gap_words_found_[index] = true;
}

BlockBuilder::BlockBuilder(const std::vector<CsvColumn>& columns, const ValueReader& reader,
                           const std::vector<io::ColumnSpec>& specs)
    : columns_(columns), reader_(reader) {
  for (const io::ColumnSpec& spec : specs) block_.push_back(io::make_values(spec.type));
}

RowProblem BlockBuilder::append(const CsvRecord& record) {
  if (const RowProblem problem = shape_problem(record, columns_.size())) return problem;
  std::size_t stored = 0;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (columns_[c].rule == ValueRule::left_out) continue;
    const CsvProblem problem = read_value(columns_[c], reader_, record.fields[c], Appender{block_[stored]});
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
