// Shards in, feature matrix out: one column at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/encoder.hpp"
#include "cardseg/portfolio/feature_layout.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"
#include "cardseg/portfolio/schema.hpp"

namespace cardseg::portfolio {

/// Where the features of a portfolio are kept. In both places they are the same bytes.
struct MatrixStorage {
  std::filesystem::path scratch;  ///< empty: in memory; else the directory of a scratch file

  bool is_streamed() const { return !scratch.empty(); }
};

/// A portfolio ready to be clustered: this rank's customers, and how its columns became their features.
template <class T>
struct LoadedPortfolio {
  FeatureMatrix<T> matrix;            ///< `layout.features()` features
  std::vector<FittedColumn> columns;  ///< all of the schema, in its order
  FeatureLayout layout;               ///< of `columns`
};

/// Throws the same core::Error(bad_data) on all ranks where there is nothing to segment: no customer, or no column that
/// is, or may be, used.
void check_any_used(const io::ShardSet& shards, int used_columns);

/// This rank's rows of a column.
struct RawColumn {
  std::vector<double> values;          ///< NaN for missing ones
  std::vector<std::int64_t> replaced;  ///< how many of them were each of the missing codes
};

/// Collective (a failure is agreed). The raw values of this rank's rows of a column of numbers, NaN for those that are
/// missing codes. Throws comm::AgreedError(bad_data) for an infinite value or one above 1e150 in magnitude, naming
/// shard and row.
RawColumn read_raw_column(const comm::Communicator& comm, const io::ShardSet& shards, const std::string& name,
                          std::span<const double> missing_codes = {});
/// The same of a column of the schema: the levels of categories and ordinals as their raw numbers. Also bad_data where
/// an ordinal's level is not in its order.
RawColumn read_raw_column(const comm::Communicator& comm, const io::ShardSet& shards, const Column& column);

/// Collective. Fits the encoder of `column`, a feature, and finds the facts of it that a model keeps. `local` are the
/// facts of `local_raw`, which is left as fit_number_encoder() leaves it. Returns the facts that no model keeps. Throws
/// what fit_number_encoder() throws.
RawFacts fit_column(const comm::Communicator& comm, std::span<double> local_raw, const LocalFacts& local,
                    FittedColumn& column);

/// Collective. Rank r loads the rows local_range(r, shards.rows(), size) of the schema's features. Features that are
/// constant or have weight 0 become unused, and are reported as warnings.
/// Peak memory: the matrix, 8 bytes a local row, and where a median or quartile is needed 8 bytes for each of the
/// values near it (all, where one value is that frequent). Throws comm::AgreedError; bad_data where no column is left.
/// With a streamed `storage` the shards are read twice, first column by column to fit the encoders, then in blocks of
/// rows that are encoded and written once: the same features. In memory are then, in place of the matrix,
/// `streaming_load_bytes`, one block of it raw, and, in the first reading, no more than without.
template <class T>
LoadedPortfolio<T> load_portfolio(const comm::Communicator& comm, const io::ShardSet& shards, const Schema& schema,
                                  core::Events& events, const MatrixStorage& storage = {});

/// About the bytes of features that are in memory at once while a streamed matrix of `matrix_bytes` is loaded.
constexpr std::int64_t streaming_load_bytes(std::int64_t matrix_bytes) {
  return std::clamp(matrix_bytes / 8, std::int64_t{2} << 20, std::int64_t{32} << 20);
}

/// Sees the raw values of a block of features before they are encoded, in the order of the blocks; NaN is missing.
using SeesRaw = std::function<void(std::size_t block, std::span<const double> raw)>;

/// Collective. Encodes rows with the encoders of columns fitted before: `rows` are global rows of this rank (ranks may
/// differ). Throws comm::AgreedError(bad_data) naming column, shard and row of a value that cannot be encoded, and what
/// `sees_raw` throws.
template <class T>
FeatureMatrix<T> encode_rows(const comm::Communicator& comm, const io::ShardSet& shards,
                             const std::vector<FittedColumn>& columns, core::Range rows, const SeesRaw& sees_raw = {});

}  // namespace cardseg::portfolio
