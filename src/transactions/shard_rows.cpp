#include "transactions/shard_rows.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "cardseg/comm/agree.hpp"
#include "cardseg/convert/csv_types.hpp"
#include "cardseg/core/decimal_places.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/exact_integer.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/with_commas.hpp"

namespace cardseg::transactions {
namespace {

using core::Error;
using core::ExitCode;

constexpr std::int64_t rows_at_once = 65536;

}  // namespace

ShardRows::ShardRows(const comm::Communicator& comm, const convert::ConvertOptions& options, const char* table)
    : comm_(comm), options_(options), shards_(comm, options.inputs, {.table = table}) {
  for (const io::StoredColumn& column : shards_.columns()) names_.push_back(column.name);
  columns_.resize(names_.size());
  mine_ = core::local_range(comm_.rank(), shards_.rows(), comm_.size());
  row_ = mine_.begin - 1;
  read_ = {mine_.begin, mine_.begin};
}

void ShardRows::use(std::size_t customer, std::size_t date, std::size_t amount,
                    const std::vector<std::size_t>& others) {
  for (const std::size_t column : others) columns_[column].is_used = true;
  for (const std::size_t column : {customer, date, amount}) columns_[column].is_used = true;
  const auto refuse = [&](std::size_t column, const std::string& why, const std::string& remedy) {
    Error error(ExitCode::bad_data, why);
    throw error.in_file(file()).in_column(names_[column]).remedy(remedy);
  };
  const io::StoredColumn& day = shards_.columns()[date];
  if (day.type != io::ColumnType::text && !day.is_date)
    refuse(date, "the column holds numbers that are not marked as dates",
           "Store texts, as 2026-09-30, or days since 1970-01-01 with the attribute cardseg_kind = date");
  if (shards_.columns()[amount].type == io::ColumnType::text)
    refuse(amount, "the column of amounts holds text", "Store numbers");
}

bool ShardRows::next() {
  if (row_ + 1 >= mine_.end) {
    row_ = mine_.end;
    return false;
  }
  ++row_;
  if (!read_.contains(row_)) read_rows();
  return true;
}

void ShardRows::read_rows() {
  read_ = {row_, std::min(mine_.end, row_ + rows_at_once)};
  const auto rows = static_cast<std::size_t>(read_.size());
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    Column& column = columns_[c];
    if (!column.is_used) continue;
    const io::ColumnType type = shards_.columns()[c].type;
    const int index = static_cast<int>(c);
    if (type == io::ColumnType::text) {
      column.texts = shards_.read_texts(index, read_);
    } else if (io::is_integer(type)) {
      column.integers.resize(rows);
      shards_.read_integers(index, read_, column.integers);
    } else {
      column.numbers.resize(rows);
      shards_.read_numbers(index, read_, column.numbers);
    }
  }
}

std::string_view ShardRows::text(std::size_t column) {
  const Column& values = columns_[column];
  if (!values.texts.empty()) return convert::without_blanks(values.texts[at()]);
  if (!values.integers.empty()) return shown_ = std::to_string(values.integers[at()]);
  const double number = values.numbers[at()];
  if (std::isnan(number)) return {};
  const bool is_whole = std::trunc(number) == number && std::abs(number) < core::most_exact_integer;
  return shown_ = is_whole ? std::to_string(static_cast<std::int64_t>(number)) : std::to_string(number);
}

std::optional<convert::DecimalNumber> ShardRows::decimal(std::size_t column) {
  const Column& values = columns_[column];
  if (!values.integers.empty()) return convert::DecimalNumber{values.integers[at()], 0};
  const double number = values.numbers[at()];
  if (!std::isfinite(number)) return std::nullopt;
  const bool is_narrow = shards_.columns()[column].stored_type == "float32";
  const int places = core::decimal_places(number, is_narrow ? core::StoredAs::float32 : core::StoredAs::float64);
  if (places > core::most_decimal_places) return convert::DecimalNumber{1, places};  // more than any currency has
  return convert::DecimalNumber{core::decimal_units(number, places), places};
}

std::optional<convert::Moment> ShardRows::moment(std::size_t column) {
  const Column& values = columns_[column];
  if (!values.texts.empty()) return convert::moment_in(text(column), options_.conventions.dates);
  if (!values.integers.empty()) return convert::Moment{static_cast<std::int32_t>(values.integers[at()]), -1};
  const double number = values.numbers[at()];
  const bool is_day = std::trunc(number) == number && std::abs(number) < 0x1p31;
  return is_day ? std::optional(convert::Moment{static_cast<std::int32_t>(number), -1}) : std::nullopt;
}

void ShardRows::reject(convert::CsvProblem problem, std::size_t column, const std::string& remedy) {
  ++bad_[static_cast<std::size_t>(problem)];
  if (options_.bad_rows == convert::BadRows::skip) return;
  const io::RowPlace place = shards_.place_of(row_);
  Error error(ExitCode::bad_data, std::string("the row holds ") + convert::describe(problem));
  error.in_file(place.file.string()).in_column(names_[column]).at_row(place.row);
  throw error.remedy(remedy.empty() ? "Correct it, or leave such rows out with " + core::field("bad-rows") + " skip"
                                    : remedy);
}

convert::CsvReading ShardRows::finish(const std::filesystem::path&) {
  comm_.allreduce_sum(std::span(bad_));
  convert::CsvReading reading;
  reading.rows = shards_.rows();
  reading.bad_rows = std::accumulate(bad_.begin(), bad_.end(), std::int64_t{0});
  for (std::size_t p = 0; p < bad_.size(); ++p)
    if (bad_[p] > 0) reading.bad_row_reasons.push_back({describe(static_cast<convert::CsvProblem>(p)), bad_[p]});
  if (static_cast<double>(reading.bad_rows) > options_.max_bad_share * static_cast<double>(reading.rows)) {
    Error error(ExitCode::bad_data, core::with_commas(reading.bad_rows) + " of " + core::with_commas(reading.rows) +
                                        " rows cannot be used, more than " + core::field("max-bad-rows") + " " +
                                        convert::share_text(options_.max_bad_share) + " allows");
    error.in_file(file());
    throw comm::AgreedError(
        error.remedy("Mend the cause, or raise " + core::field("max-bad-rows") + " where the loss is meant"));
  }
  const std::vector<std::string> digests = shards_.sha256(comm_);
  for (std::size_t s = 0; s < digests.size(); ++s) {
    const io::ShardHeader& header = shards_.shards()[s].header;
    reading.sources.push_back({header.path.string(), header.file_bytes, digests[s], "none", "HDF5"});
  }
  reading.input_bytes = shards_.bytes();
  return reading;
}

}  // namespace cardseg::transactions
