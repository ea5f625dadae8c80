// The features of a rank's customers, in tiles that kernels read with full vectors.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "cardseg/core/range.hpp"
#include "cardseg/core/zeroed_memory.hpp"
#include "cardseg/io/scratch_mapping.hpp"

namespace cardseg::portfolio {

/// Customers of a tile. Kernels are written for this number: it divides into the lanes of every vector width.
inline constexpr std::int64_t tile_rows = 16;

/// Customers are kept in tiles of 16, feature-major inside a tile: [tile][feature][16], 64-byte aligned. The number of
/// tiles is padded to a multiple of 4 with customers whose features are 0; who reads them masks them out.
/// T is float or double.
template <class T>
class FeatureMatrix {
 public:
  static constexpr std::int64_t tile_rows = portfolio::tile_rows;
  static constexpr std::int64_t tile_group = 4;

  /// Features of global rows [rows.begin, rows.end), all 0. Pages are first touched by the thread that will read them.
  FeatureMatrix(core::Range rows, int features)
      : rows_(rows),
        features_(features),
        tiles_(padded_tiles(rows.size())),
        values_(sizeof(T) * static_cast<std::size_t>(tiles_ * tile_size())),
        data_(static_cast<T*>(values_.data())) {
    constexpr std::int64_t values_of_page = 4096 / sizeof(T);
#pragma omp parallel for schedule(static)
    for (std::int64_t t = 0; t < tiles_; ++t)
      for (std::int64_t i = 0; i < tile_size(); i += values_of_page) tile(t)[i] = 0;
  }

  /// The same, streamed: features are kept in a scratch file, of which only what is at work is in memory, provided that
  /// whoever reads tiles gives them back (`done_with`). Precondition: `scratch` is new and holds bytes(rows, features).
  FeatureMatrix(core::Range rows, int features, io::ScratchMapping scratch)
      : rows_(rows),
        features_(features),
        tiles_(padded_tiles(rows.size())),
        scratch_(std::move(scratch)),
        data_(reinterpret_cast<T*>(scratch_->data())) {}

  /// The global rows held here.
  const core::Range& global_rows() const { return rows_; }
  std::int64_t rows() const { return rows_.size(); }
  int features() const { return features_; }
  /// Including padding; a multiple of `tile_group`.
  std::int64_t tiles() const { return tiles_; }

  T* tile(std::int64_t t) { return data_ + t * tile_size(); }
  const T* tile(std::int64_t t) const { return data_ + t * tile_size(); }

  T& at(std::int64_t local_row, int feature) { return data_[offset(local_row, feature)]; }
  T at(std::int64_t local_row, int feature) const { return data_[offset(local_row, feature)]; }

  /// All features of one customer, as doubles.
  std::vector<double> point(std::int64_t local_row) const {
    std::vector<double> values(static_cast<std::size_t>(features_));
    for (int f = 0; f < features_; ++f) values[static_cast<std::size_t>(f)] = static_cast<double>(at(local_row, f));
    return values;
  }

  /// True where the features are kept in a scratch file.
  bool is_streamed() const { return scratch_.has_value(); }

  /// Local, on any thread: the caller needs tiles [first, end) no more in this pass and goes on with the tiles behind
  /// them. In memory nothing happens; else their memory is given back and the following tiles are read ahead. No byte
  /// changes: tiles may be read again, by other threads at the same time, too.
  void release(std::int64_t first, std::int64_t end) const {
    if (!scratch_) return;
    scratch_->release(byte_of(first), byte_of(end));
    scratch_->read_ahead(byte_of(2 * end - first), byte_of(3 * end - 2 * first));
  }
  /// The same for loops over single tiles: after tile t, a thread that has read the tiles before t in their order.
  void done_with(std::int64_t t) const {
    if (scratch_ && (t + 1) % window_tiles() == 0) release(t + 1 - window_tiles(), t + 1);
  }
  /// Like `release`, for tiles that were changed: they go to the scratch file.
  void write_back(std::int64_t first, std::int64_t end) const {
    if (scratch_) scratch_->write_back(byte_of(first), byte_of(end));
  }
  /// Bytes of a scratch file that a thread has in memory at most while it works through tiles of this shape.
  static std::int64_t window_bytes(int features) {
    return std::max(most_window_bytes, least_window_tiles * tile_rows * features * std::int64_t{sizeof(T)});
  }

  /// Keeps the first `features` features only, in place. Precondition: 0 < features <= features().
  void narrow(int features) {
    const std::int64_t wide = tile_size();
    features_ = features;
    const std::size_t bytes = sizeof(T) * static_cast<std::size_t>(tile_size());
    for (std::int64_t t = 0; t < tiles_ && wide != tile_size(); ++t) std::memmove(tile(t), data_ + t * wide, bytes);
  }

  /// Bytes that a matrix of this shape takes.
  static std::int64_t bytes(std::int64_t rows, int features) {
    return padded_tiles(rows) * tile_rows * features * static_cast<std::int64_t>(sizeof(T));
  }

 private:
  static constexpr std::int64_t most_window_bytes = std::int64_t{1} << 20;
  static constexpr std::int64_t least_window_tiles = 64;

  std::int64_t byte_of(std::int64_t t) const { return t * tile_size() * std::int64_t{sizeof(T)}; }
  std::int64_t window_tiles() const { return std::max(least_window_tiles, most_window_bytes / byte_of(1) / 64 * 64); }

  static std::int64_t padded_tiles(std::int64_t rows) {
    return (rows + tile_rows * tile_group - 1) / (tile_rows * tile_group) * tile_group;
  }
  std::int64_t tile_size() const { return tile_rows * features_; }
  std::int64_t offset(std::int64_t row, int feature) const {
    return row / tile_rows * tile_size() + feature * tile_rows + row % tile_rows;
  }

  core::Range rows_;
  int features_;
  std::int64_t tiles_;
  core::ZeroedMemory values_;                  // in memory, or
  std::optional<io::ScratchMapping> scratch_;  // in a scratch file
  T* data_ = nullptr;
};

}  // namespace cardseg::portfolio
