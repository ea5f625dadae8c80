#include "cluster/customer_order.hpp"
#include "cardseg/core/thread_failure.hpp"

#include <algorithm>
#include <memory>
#include <numeric>

namespace cardseg::cluster {
namespace {

using portfolio::FeatureMatrix;
using portfolio::tile_rows;

// A block and its copy share the second-level cache; with many segments it needs customers enough to fill tiles with
// each.
constexpr std::int64_t least_bytes = std::int64_t{512} << 10;
constexpr std::int64_t most_bytes = std::int64_t{1536} << 10;
constexpr std::int64_t customers_a_segment = 128;
constexpr std::int64_t group = 4;

}  // namespace

CustomerOrder::CustomerOrder(std::int64_t tiles, std::int64_t row_bytes, int segments, int threads) : tiles_(tiles) {
  const std::int64_t block_bytes = std::clamp(segments * customers_a_segment * row_bytes, least_bytes, most_bytes);
  const std::int64_t fitting = std::min<std::int64_t>(block_bytes / (row_bytes * tile_rows), 65536 / tile_rows);
  const std::int64_t shared_out = (tiles + threads * 4 - 1) / (threads * 4);
  block_tiles_ = std::max<std::int64_t>(1, std::min(fitting, shared_out) / group) * group;
}

template <class T>
void CustomerOrder::rearrange(FeatureMatrix<T>& matrix, std::int64_t b, std::span<const std::int32_t> tiles,
                              std::span<const std::int32_t> places, std::span<std::int32_t> labels) {
  const std::int64_t first = first_tile(b) * tile_rows;
  const std::int64_t stride = quad_values(matrix.features());
  const auto quads = std::make_unique_for_overwrite<T[]>(static_cast<std::size_t>(block_tiles_ * stride));
  std::vector<std::int32_t> moved_labels(places.size());
  std::vector<std::uint16_t> moved_origins(places.size());
  for (std::int32_t tile : tiles)
    to_quads(matrix.tile(first_tile(b) + tile), matrix.features(), quads.get() + tile * stride);
  for (std::size_t i = 0; i < places.size(); ++i) {
    moved_labels[i] = labels[static_cast<std::size_t>(first + places[i])];
    moved_origins[i] = origin_[static_cast<std::size_t>(first + places[i])];
  }
  const T* customers[tile_rows];
  for (std::size_t t = 0; t < tiles.size(); ++t) {
    for (std::size_t i = 0; i < tile_rows; ++i) {
      const std::int32_t place = places[t * tile_rows + i];
      customers[i] = quads.get() + place / tile_rows * stride + place % tile_rows * quad_features;
    }
    const std::int64_t tile = first_tile(b) + tiles[t];
    from_quads(customers, matrix.features(), matrix.tile(tile));
    std::copy_n(moved_labels.data() + t * tile_rows, tile_rows, labels.data() + tile * tile_rows);
    std::copy_n(moved_origins.data() + t * tile_rows, tile_rows, origin_.data() + tile * tile_rows);
  }
}

void CustomerOrder::begin() {
  if (!origin_.empty()) return;
  origin_.resize(static_cast<std::size_t>(tiles_ * tile_rows));
  for (std::int64_t b = 0; b < blocks(); ++b)
    std::iota(origin_.begin() + first_tile(b) * tile_rows, origin_.begin() + end_tile(b) * tile_rows, std::uint16_t{0});
}

template <class T>
void CustomerOrder::restore(FeatureMatrix<T>& matrix, std::span<std::int32_t> labels) {
  if (origin_.empty()) return;
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::vector<std::int32_t> tiles;
    std::vector<std::int32_t> places;
    const auto restore_block = [&](std::int64_t b) {
      const std::int64_t first = first_tile(b) * tile_rows;
      tiles.resize(static_cast<std::size_t>(end_tile(b) - first_tile(b)));
      std::iota(tiles.begin(), tiles.end(), 0);
      places.resize(tiles.size() * tile_rows);
      for (std::size_t place = 0; place < places.size(); ++place)
        places[origin_[static_cast<std::size_t>(first) + place]] = static_cast<std::int32_t>(place);
      rearrange(matrix, b, tiles, places, labels);
      matrix.release(first_tile(b), end_tile(b));
    };
#pragma omp for schedule(static)
    for (std::int64_t b = 0; b < blocks(); ++b) failure.guard([&] { restore_block(b); });
  }
  failure.rethrow();
  origin_.clear();
  origin_.shrink_to_fit();
}

#define CARDSEG_INSTANTIATE(T)                                                                              \
  template void CustomerOrder::rearrange<T>(FeatureMatrix<T>&, std::int64_t, std::span<const std::int32_t>, \
                                            std::span<const std::int32_t>, std::span<std::int32_t>);        \
  template void CustomerOrder::restore<T>(FeatureMatrix<T>&, std::span<std::int32_t>)
CARDSEG_INSTANTIATE(float);
CARDSEG_INSTANTIATE(double);
#undef CARDSEG_INSTANTIATE

}  // namespace cardseg::cluster
