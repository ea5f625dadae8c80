#include "cardseg/portfolio/load.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"

namespace cardseg::portfolio {
namespace {

using core::Error;
using core::ExitCode;
using core::Range;

/// Features beyond these could not be squared and summed over features and customers in their own precision.
template <class T>
constexpr double largest_feature = sizeof(T) == 4 ? 1e18 : 1e140;

Error error_at(const io::ShardSet& shards, const std::string& column, std::int64_t global_row,
               const std::string& reason) {
  Error error(ExitCode::bad_data, reason);
  const io::ShardPlace& place = shards.place_of(global_row);
  error.in_file(place.header.path.string()).in_column(column).at_row(global_row - place.rows.begin);
  return error;
}

std::vector<double> read_rows(const io::ShardSet& shards, const std::string& name, Range rows) {
  std::vector<double> raw(static_cast<std::size_t>(rows.size()));
  shards.read_numbers(shards.column_index(name), rows, raw);
  const std::int64_t unusable = find_unusable(raw);
  if (unusable >= 0)
    throw error_at(
        shards, name, rows.begin + unusable,
        std::isinf(raw[static_cast<std::size_t>(unusable)]) ? "an infinite value" : "a value above 1e150 in magnitude")
        .remedy("Missing values are NaN; correct the value or exclude the column");
  return raw;
}

void warn_if_unused(const FittedColumn& column, core::Events& events) {
  const ColumnDescription& description = column.encoder.description;
  if (column.is_used()) return;
  if (description.weight == 0.0) {
    events.info(fmt::format("column {}: weight 0, not used", description.name));
  } else if (column.facts.min == column.facts.max) {
    events.warning(fmt::format("column {}: constant, it gets weight zero and is not used", description.name));
  } else if (description.scale != Scale::robust) {
    events.warning(fmt::format("column {}: constant under transform = {}, it gets weight zero and is not used",
                               description.name, name_of(description.transform)));
  } else {
    events.warning(
        fmt::format("column {}: no spread under scale = {} (its quartiles are equal), it gets weight zero and is "
                    "not used; scale = zscore would keep it",
                    description.name, name_of(description.scale)));
  }
}

// Writes one encoded column; returns the largest magnitude, or throws for the first value that cannot be encoded.
template <class T>
double write_feature(FeatureMatrix<T>& matrix, int feature, const ColumnEncoder& encoder, std::span<const double> raw,
                     const io::ShardSet& shards) {
  double largest = 0.0;
  std::int64_t first_bad = std::numeric_limits<std::int64_t>::max();
  const auto rows = static_cast<std::int64_t>(raw.size());
#pragma omp parallel for schedule(static) reduction(max : largest) reduction(min : first_bad)
  for (std::int64_t i = 0; i < rows; ++i) {
    const double value = encoder.encode(raw[static_cast<std::size_t>(i)]);
    matrix.at(i, feature) = static_cast<T>(value);
    const double magnitude = std::abs(value);
    if (!(magnitude <= largest_feature<T>)&&i < first_bad) first_bad = i;
    if (magnitude > largest) largest = magnitude;
  }
  if (first_bad < rows) {
    const bool is_number = !std::isnan(encoder.encode(raw[static_cast<std::size_t>(first_bad)]));
    throw error_at(shards, encoder.description.name, matrix.global_rows().begin + first_bad,
                   is_number ? "the scaled value is too large for the stored precision"
                             : "the value is missing or cannot be transformed as the model says")
        .remedy(is_number ? "Use scale = zscore for this column, or --precision double"
                          : "Correct the value, or fit with missing = median and transform = signed-log");
  }
  return largest;
}

}  // namespace

void check_any_used(const io::ShardSet& shards, int used_columns) {
  if (shards.rows() == 0) {
    Error error(ExitCode::bad_data, "the portfolio has no customers: every shard is empty");
    throw comm::AgreedError(error.remedy("Check the path given with --shards"));
  }
  if (used_columns > 0) return;
  Error error(ExitCode::bad_data, "every column is constant or has weight 0: there is nothing to segment by");
  throw comm::AgreedError(error.remedy("'cardseg inspect' shows the columns' ranges"));
}

std::vector<double> read_raw_column(const comm::Communicator& comm, const io::ShardSet& shards,
                                    const std::string& name) {
  const Range rows = core::local_range(comm.rank(), shards.rows(), comm.size());
  return comm::agree(comm, [&] { return read_rows(shards, name, rows); });
}

template <class T>
LoadedPortfolio<T> load_portfolio(const comm::Communicator& comm, const io::ShardSet& shards,
                                  const std::vector<ColumnDescription>& features, core::Events& events) {
  if (shards.rows() == 0) {
    Error error(ExitCode::bad_data, "the portfolio has no customers");
    throw comm::AgreedError(error.remedy("Check the path given with --shards"));
  }
  const Range rows = core::local_range(comm.rank(), shards.rows(), comm.size());
  check_any_used(shards, static_cast<int>(features.size()));
  std::vector<FittedColumn> columns;
  std::optional<FeatureMatrix<T>> matrix;
  // The number of used columns is known only at the end; a matrix with a slot for every column that may be used is
  // filled, and narrowed where a column turned out constant.
  comm::agree(comm, [&] { matrix.emplace(rows, static_cast<int>(features.size())); });
  double largest = 0.0;
  int used = 0;
  for (const ColumnDescription& description : features) {
    events.progress("load", static_cast<std::int64_t>(columns.size()), static_cast<std::int64_t>(features.size()),
                    description.name);
    const std::vector<double> raw = read_raw_column(comm, shards, description.name);
    const RawFacts facts = compute_raw_facts(comm, raw);
    columns.push_back({fit_encoder(comm, description, facts, raw), facts});
    warn_if_unused(columns.back(), events);
    if (!columns.back().is_used()) continue;
    largest = std::max(
        largest, comm::agree(comm, [&] { return write_feature(*matrix, used, columns.back().encoder, raw, shards); }));
    ++used;
  }
  events.progress("load", static_cast<std::int64_t>(features.size()), static_cast<std::int64_t>(features.size()));
  check_any_used(shards, used);
  matrix->narrow(used);
  return {std::move(*matrix), std::move(columns), comm.max(largest)};
}

template <class T>
FeatureMatrix<T> encode_rows(const comm::Communicator& comm, const io::ShardSet& shards,
                             const std::vector<ColumnEncoder>& encoders, Range rows) {
  return comm::agree(comm, [&] {
    FeatureMatrix<T> matrix(rows, static_cast<int>(encoders.size()));
    for (std::size_t f = 0; f < encoders.size(); ++f)
      write_feature(matrix, static_cast<int>(f), encoders[f], read_rows(shards, encoders[f].description.name, rows),
                    shards);
    return matrix;
  });
}

template LoadedPortfolio<float> load_portfolio<float>(const comm::Communicator&, const io::ShardSet&,
                                                      const std::vector<ColumnDescription>&, core::Events&);
template LoadedPortfolio<double> load_portfolio<double>(const comm::Communicator&, const io::ShardSet&,
                                                        const std::vector<ColumnDescription>&, core::Events&);
template FeatureMatrix<float> encode_rows<float>(const comm::Communicator&, const io::ShardSet&,
                                                 const std::vector<ColumnEncoder>&, Range);
template FeatureMatrix<double> encode_rows<double>(const comm::Communicator&, const io::ShardSet&,
                                                   const std::vector<ColumnEncoder>&, Range);

}  // namespace cardseg::portfolio
