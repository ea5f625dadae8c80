#include "cardseg/portfolio/load.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/zeroed_memory.hpp"
#include "portfolio/value_kernels.hpp"

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

[[noreturn]] void refuse_unusable(const io::ShardSet& shards, const std::string& name, std::int64_t global_row,
                                  double value) {
  throw error_at(shards, name, global_row, std::isinf(value) ? "an infinite value" : "a value above 1e150 in magnitude")
      .remedy("Missing values are NaN; correct the value or exclude the column");
}

// Room for one column, or a block of it, after another.
class ColumnMemory {
 public:
  explicit ColumnMemory(std::int64_t rows) : memory_(static_cast<std::size_t>(rows) * sizeof(double)) {}
  std::span<double> first(std::int64_t rows) const {
    return {static_cast<double*>(memory_.data()), static_cast<std::size_t>(rows)};
  }

 private:
  core::ZeroedMemory memory_;
};

// Local. The raw values of rows [rows.begin, rows.end) into `raw`, which has their number.
LocalFacts read_rows(const io::ShardSet& shards, const std::string& name, Range rows, std::span<double> raw) {
  shards.read_numbers(shards.column_index(name), rows, raw);
  const LocalFacts local = compute_local_facts(raw);
  const std::int64_t unusable = find_unusable(raw, local);
  if (unusable >= 0) refuse_unusable(shards, name, rows.begin + unusable, raw[static_cast<std::size_t>(unusable)]);
  return local;
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

[[noreturn]] void refuse_feature(const io::ShardSet& shards, const ColumnEncoder& encoder, std::int64_t global_row,
                                 double feature) {
  const bool is_number = !std::isnan(feature);
  throw error_at(shards, encoder.description.name, global_row,
                 is_number ? "the scaled value is too large for the stored precision"
                           : "the value is missing or cannot be transformed as the model says")
      .remedy(is_number ? "Use scale = zscore for this column, or " + core::field("precision") + " double"
                        : "Correct the value, or fit with missing = median and transform = signed-log");
}

// The last rows, where they do not fill a tile.
template <class T>
Written write_rest(const ColumnEncoder& encoder, std::span<const double> values, T* features) {
  Written written;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double scaled = encoder.scaled(values[i]);
    features[i] = static_cast<T>(scaled);
    if (!(std::abs(scaled) <= largest_feature<T>)) written.has_bad = true;
    if (std::abs(scaled) > written.largest) written.largest = std::abs(scaled);
  }
  return written;
}

// Writes transformed values of one column into the local rows from `first_row` on, which begins a tile; returns the
// largest magnitude, or throws for the first value that is no feature. Blocks of tiles go to whichever thread is free.
template <class T>
double write_feature(FeatureMatrix<T>& matrix, std::int64_t first_row, int feature, const ColumnEncoder& encoder,
                     std::span<const double> transformed, const io::ShardSet& shards) {
  constexpr std::int64_t tile_rows = FeatureMatrix<T>::tile_rows;
  constexpr std::int64_t block = 1024 * tile_rows;
  const Scaling scaling{encoder.centre, encoder.factor, largest_feature<T>};
  const std::int64_t rows = std::ssize(transformed);
  double largest = 0.0;
  bool has_bad = false;
#pragma omp parallel for schedule(dynamic) reduction(max : largest) reduction(|| : has_bad)
  for (std::int64_t begin = 0; begin < rows; begin += block) {
    const auto values =
        transformed.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(std::min(block, rows - begin)));
    const std::size_t whole = values.size() / tile_rows * tile_rows;
    T* features = &matrix.at(first_row + begin, feature);
    const Written tiles = encode_tiles(values.first(whole), scaling, features, matrix.features() * tile_rows);
    const Written rest =
        write_rest(encoder, values.subspan(whole), features + static_cast<std::int64_t>(whole) * matrix.features());
    largest = std::max({largest, tiles.largest, rest.largest});
    has_bad = has_bad || tiles.has_bad || rest.has_bad;
  }
  for (std::int64_t i = 0; has_bad && i < rows; ++i) {
    const double feature_value = encoder.scaled(transformed[static_cast<std::size_t>(i)]);
    if (!(std::abs(feature_value) <= largest_feature<T>))
      refuse_feature(shards, encoder, matrix.global_rows().begin + first_row + i, feature_value);
  }
  return largest;
}

// Rows that are encoded together where the matrix is streamed: their features are in memory while they are written.
template <class T>
std::int64_t block_rows(std::int64_t rows, std::size_t features) {
  const auto row_bytes = static_cast<std::int64_t>(features * sizeof(T));
  return std::clamp<std::int64_t>(streaming_load_bytes(rows * row_bytes) / row_bytes, 64, 1 << 18) / 64 * 64;
}

// Local. Reads the shards' rows of a block again and encodes all columns of them.
template <class T>
double encode_block(const io::ShardSet& shards, const std::vector<const ColumnEncoder*>& encoders, Range rows,
                    std::span<double> values, FeatureMatrix<T>& matrix) {
  const std::int64_t first_row = rows.begin - matrix.global_rows().begin;
  double largest = 0.0;
  for (std::size_t f = 0; f < encoders.size(); ++f) {
    read_rows(shards, encoders[f]->description.name, rows, values);
    transform_in_place(*encoders[f], values);
    largest = std::max(largest, write_feature(matrix, first_row, static_cast<int>(f), *encoders[f], values, shards));
  }
  const std::int64_t tile_rows = FeatureMatrix<T>::tile_rows;
  matrix.write_back(first_row / tile_rows, (first_row + rows.size() + tile_rows - 1) / tile_rows);
  return largest;
}

// Collective. A streamed matrix is written once, block of rows by block of rows, when all encoders are known: column by
// column would take every page of it from and to the disk for every column.
template <class T>
LoadedPortfolio<T> encode_blocks(const comm::Communicator& comm, const io::ShardSet& shards,
                                 std::vector<FittedColumn> columns, io::ScratchMapping scratch, core::Events& events) {
  const Range mine = core::local_range(comm.rank(), shards.rows(), comm.size());
  std::vector<const ColumnEncoder*> encoders;
  for (const FittedColumn& column : columns)
    if (column.is_used()) encoders.push_back(&column.encoder);
  FeatureMatrix<T> matrix(mine, static_cast<int>(encoders.size()), std::move(scratch));
  const std::int64_t most = comm.max(mine.size());
  const std::int64_t step = block_rows<T>(most, encoders.size());  // all ranks take part in each block
  const auto memory = comm::agree(comm, [&] { return ColumnMemory(std::min(step, most)); });
  double largest = 0.0;
  for (std::int64_t begin = 0; begin < most; begin += step) {
    events.progress("encode", begin, most);
    const Range rows{std::min(mine.begin + begin, mine.end), std::min(mine.begin + begin + step, mine.end)};
    const std::span<double> values = memory.first(rows.size());
    largest =
        std::max(largest, comm::agree(comm, [&] { return encode_block(shards, encoders, rows, values, matrix); }));
  }
  events.progress("encode", most, most);
  return {std::move(matrix), std::move(columns), comm.max(largest)};
}

}  // namespace

void check_any_used(const io::ShardSet& shards, int used_columns) {
  if (shards.rows() == 0) {
    Error error(ExitCode::bad_data, "the portfolio has no customers: every shard is empty");
    throw comm::AgreedError(error.remedy("Check the path given with " + core::field("shards")));
  }
  if (used_columns > 0) return;
  Error error(ExitCode::bad_data, "every column is constant or has weight 0: there is nothing to segment by");
  throw comm::AgreedError(error.remedy("'cardseg inspect' shows the columns' ranges"));
}

std::vector<double> read_raw_column(const comm::Communicator& comm, const io::ShardSet& shards,
                                    const std::string& name) {
  const Range rows = core::local_range(comm.rank(), shards.rows(), comm.size());
  std::vector<double> raw;
  comm::agree(comm, [&] {
    raw.resize(static_cast<std::size_t>(rows.size()));
    read_rows(shards, name, rows, raw);
  });
  return raw;
}

template <class T>
LoadedPortfolio<T> load_portfolio(const comm::Communicator& comm, const io::ShardSet& shards,
                                  const std::vector<ColumnDescription>& features, core::Events& events,
                                  const MatrixStorage& storage) {
  if (shards.rows() == 0) {
    Error error(ExitCode::bad_data, "the portfolio has no customers");
    throw comm::AgreedError(error.remedy("Check the path given with " + core::field("shards")));
  }
  const Range rows = core::local_range(comm.rank(), shards.rows(), comm.size());
  check_any_used(shards, static_cast<int>(features.size()));
  std::vector<FittedColumn> columns;
  std::optional<FeatureMatrix<T>> matrix;
  // The number of used columns is known only at the end; a matrix with a slot for every column that may be used is
  // filled, and narrowed where a column turned out constant. A scratch file is as large for the same reason.
  std::optional<io::ScratchMapping> scratch;
  std::optional<ColumnMemory> memory;  // of one column: raw, then transformed
  comm::agree(comm, [&] {
    const int possible = static_cast<int>(features.size());
    if (storage.is_streamed())
      scratch.emplace(storage.scratch, FeatureMatrix<T>::bytes(rows.size(), possible));
    else
      matrix.emplace(rows, possible);
    memory.emplace(rows.size());
  });
  const std::span<double> values = memory->first(rows.size());
  double largest = 0.0;
  int used = 0;
  for (const ColumnDescription& description : features) {
    events.progress("load", static_cast<std::int64_t>(columns.size()), static_cast<std::int64_t>(features.size()),
                    description.name);
    const LocalFacts local = comm::agree(comm, [&] { return read_rows(shards, description.name, rows, values); });
    if (columns.size() + 1 < features.size())
      shards.prefetch(shards.column_index(features[columns.size() + 1].name), rows);
    const RawFacts facts = compute_raw_facts(comm, values, local);
    columns.push_back({fit_encoder(comm, description, facts, values), facts});
    warn_if_unused(columns.back(), events);
    if (!columns.back().is_used()) continue;
    if (matrix)
      largest = std::max(largest, comm::agree(comm, [&] {
                           return write_feature(*matrix, 0, used, columns.back().encoder, values, shards);
                         }));
    ++used;
  }
  events.progress("load", static_cast<std::int64_t>(features.size()), static_cast<std::int64_t>(features.size()));
  check_any_used(shards, used);
  if (!matrix) {
    memory.reset();
    return encode_blocks<T>(comm, shards, std::move(columns), std::move(*scratch), events);
  }
  matrix->narrow(used);
  return {std::move(*matrix), std::move(columns), comm.max(largest)};
}

template <class T>
FeatureMatrix<T> encode_rows(const comm::Communicator& comm, const io::ShardSet& shards,
                             const std::vector<ColumnEncoder>& encoders, Range rows) {
  return comm::agree(comm, [&] {
    FeatureMatrix<T> matrix(rows, static_cast<int>(encoders.size()));
    const ColumnMemory memory(rows.size());
    const std::span<double> values = memory.first(rows.size());
    for (std::size_t f = 0; f < encoders.size(); ++f) {
      read_rows(shards, encoders[f].description.name, rows, values);
      transform_in_place(encoders[f], values);
      write_feature(matrix, 0, static_cast<int>(f), encoders[f], values, shards);
    }
    return matrix;
  });
}

template LoadedPortfolio<float> load_portfolio<float>(const comm::Communicator&, const io::ShardSet&,
                                                      const std::vector<ColumnDescription>&, core::Events&,
                                                      const MatrixStorage&);
template LoadedPortfolio<double> load_portfolio<double>(const comm::Communicator&, const io::ShardSet&,
                                                        const std::vector<ColumnDescription>&, core::Events&,
                                                        const MatrixStorage&);
template FeatureMatrix<float> encode_rows<float>(const comm::Communicator&, const io::ShardSet&,
                                                 const std::vector<ColumnEncoder>&, Range);
template FeatureMatrix<double> encode_rows<double>(const comm::Communicator&, const io::ShardSet&,
                                                   const std::vector<ColumnEncoder>&, Range);

}  // namespace cardseg::portfolio
