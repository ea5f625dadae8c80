// The features of a rank's customers, in tiles that kernels read with full vectors.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "cardseg/core/range.hpp"

namespace cardseg::portfolio {

/// Customers are kept in tiles of 16, feature-major inside a tile: [tile][feature][16], 64-byte aligned. The number of
/// tiles is padded to a multiple of 4 with customers whose features are 0; who reads them masks them out.
/// T is float or double.
template <class T>
class FeatureMatrix {
 public:
  static constexpr std::int64_t tile_rows = 16;
  static constexpr std::int64_t tile_group = 4;

  /// Features of global rows [rows.begin, rows.end), all 0. Pages are first touched by the thread that will read them.
  FeatureMatrix(core::Range rows, int features)
      : rows_(rows), features_(features), tiles_(padded_tiles(rows.size())), values_(allocate(tiles_ * tile_size())) {
#pragma omp parallel for schedule(static)
    for (std::int64_t t = 0; t < tiles_; ++t)
      std::memset(tile(t), 0, sizeof(T) * static_cast<std::size_t>(tile_size()));
  }

  /// The global rows held here.
  const core::Range& global_rows() const { return rows_; }
  std::int64_t rows() const { return rows_.size(); }
  int features() const { return features_; }
  /// Including padding; a multiple of `tile_group`.
  std::int64_t tiles() const { return tiles_; }

  T* tile(std::int64_t t) { return values_.get() + t * tile_size(); }
  const T* tile(std::int64_t t) const { return values_.get() + t * tile_size(); }

  T& at(std::int64_t local_row, int feature) { return values_.get()[offset(local_row, feature)]; }
  T at(std::int64_t local_row, int feature) const { return values_.get()[offset(local_row, feature)]; }

  /// All features of one customer, as doubles.
  std::vector<double> point(std::int64_t local_row) const {
    std::vector<double> values(static_cast<std::size_t>(features_));
    for (int f = 0; f < features_; ++f) values[static_cast<std::size_t>(f)] = static_cast<double>(at(local_row, f));
    return values;
  }

  /// Keeps the first `features` features only, in place. Precondition: 0 < features <= features().
  void narrow(int features) {
    const std::int64_t wide = tile_size();
    features_ = features;
    const std::size_t bytes = sizeof(T) * static_cast<std::size_t>(tile_size());
    for (std::int64_t t = 0; t < tiles_ && wide != tile_size(); ++t)
      std::memmove(tile(t), values_.get() + t * wide, bytes);
  }

  /// Bytes that a matrix of this shape takes.
  static std::int64_t bytes(std::int64_t rows, int features) {
    return padded_tiles(rows) * tile_rows * features * static_cast<std::int64_t>(sizeof(T));
  }

 private:
  struct Free {
    void operator()(T* values) const { std::free(values); }
  };

  static std::int64_t padded_tiles(std::int64_t rows) {
    return (rows + tile_rows * tile_group - 1) / (tile_rows * tile_group) * tile_group;
  }
  std::int64_t tile_size() const { return tile_rows * features_; }
  std::int64_t offset(std::int64_t row, int feature) const {
    return row / tile_rows * tile_size() + feature * tile_rows + row % tile_rows;
  }
  static std::unique_ptr<T[], Free> allocate(std::int64_t count) {
    const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(T);
    void* memory = std::aligned_alloc(64, bytes == 0 ? 64 : (bytes + 63) / 64 * 64);
    if (!memory) throw std::bad_alloc();
    return std::unique_ptr<T[], Free>(static_cast<T*>(memory));
  }

  core::Range rows_;
  int features_;
  std::int64_t tiles_;
  std::unique_ptr<T[], Free> values_;
};

}  // namespace cardseg::portfolio
