#include "cardseg/quality/sample.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <queue>
#include <string>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/philox.hpp"

namespace cardseg::quality {
namespace {

using comm::Communicator;
using portfolio::FeatureMatrix;

// A row and its random number; ordered by both.
struct Draw {
  std::uint64_t number = 0;
  std::int64_t row = 0;

  auto operator<=>(const Draw&) const = default;
};

// The `size` smallest draws of these rows in ascending order: no rank can contribute more.
std::vector<Draw> smallest_draws(core::Range rows, std::int64_t size, std::uint64_t seed) {
  const core::RowRandom random(seed, core::Purpose::silhouette);
  std::priority_queue<Draw> kept;  // the largest on top
  for (std::int64_t row = rows.begin; row < rows.end && size > 0; ++row) {
    const Draw draw{random.bits(row), row};
    const bool is_full = static_cast<std::int64_t>(kept.size()) == size;
    if (is_full && !(draw < kept.top())) continue;
    if (is_full) kept.pop();
    kept.push(draw);
  }
  std::vector<Draw> draws;
  for (; !kept.empty(); kept.pop()) draws.push_back(kept.top());
  std::ranges::reverse(draws);
  return draws;
}

std::int64_t count_up_to(const std::vector<Draw>& draws, std::uint64_t number) {
  return std::ranges::upper_bound(draws, number, {}, &Draw::number) - draws.begin();
}

// Collective. The smallest number up to which all ranks together have at least `size` draws.
std::uint64_t threshold_of(const Communicator& comm, const std::vector<Draw>& draws, std::int64_t size) {
  std::uint64_t low = 0;
  std::uint64_t high = std::numeric_limits<std::uint64_t>::max();
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (comm.sum(count_up_to(draws, middle)) >= size) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

// Feature-major. A tile holds all features of its customers: it is read once.
template <class T>
std::vector<T> features_of(const FeatureMatrix<T>& matrix, const std::vector<std::int64_t>& local_rows) {
  std::vector<T> values(local_rows.size() * static_cast<std::size_t>(matrix.features()));
  for (std::size_t i = 0; i < local_rows.size(); ++i) {
    const std::int64_t row = local_rows[i] - matrix.global_rows().begin;
    for (int f = 0; f < matrix.features(); ++f)
      values[static_cast<std::size_t>(f) * local_rows.size() + i] = matrix.at(row, f);
    matrix.release(row / portfolio::tile_rows, row / portfolio::tile_rows + 1);
  }
  return values;
}

}  // namespace

std::vector<std::int64_t> draw_rows(const Communicator& comm, core::Range mine, std::int64_t size, std::uint64_t seed) {
  const std::int64_t wanted = std::min(size, comm.sum(mine.size()));
  std::vector<Draw> draws = comm::agree(comm, [&] { return smallest_draws(mine, wanted, seed); });
  const std::uint64_t threshold = threshold_of(comm, draws, wanted);
  const std::int64_t below = threshold == 0 ? 0 : count_up_to(draws, threshold - 1);
  const std::int64_t equal = count_up_to(draws, threshold) - below;
  // Of the draws that equal the threshold the lowest rows are taken: ranks hold rows in order.
  const std::int64_t open = wanted - comm.sum(below);
  const std::int64_t before = static_cast<std::int64_t>(comm.exscan_sum(equal));
  draws.resize(static_cast<std::size_t>(below + std::clamp<std::int64_t>(open - before, 0, equal)));
  std::vector<std::int64_t> rows;
  for (const Draw& draw : draws) rows.push_back(draw.row);
  std::ranges::sort(rows);
  return rows;
}

template <class T>
FeatureMatrix<T> gather_sample(const Communicator& comm, const FeatureMatrix<T>& matrix,
                               const std::vector<std::int64_t>& local_rows) {
  const std::int64_t size = comm.sum(static_cast<std::int64_t>(local_rows.size()));
  FeatureMatrix<T> sample = comm::agree(comm, [&] { return FeatureMatrix<T>({0, size}, matrix.features()); });
  const std::size_t rows = local_rows.size();
  const std::vector<T> values = comm::agree(comm, [&] { return features_of(matrix, local_rows); });
  for (int f = 0; f < matrix.features(); ++f) {
    const T* feature = values.data() + static_cast<std::size_t>(f) * rows;
    std::int64_t row = 0;
    for (const std::string& bytes :
         comm.allgather(std::string(reinterpret_cast<const char*>(feature), rows * sizeof(T))))
      for (std::size_t at = 0; at < bytes.size(); at += sizeof(T)) {
        T value;
        std::memcpy(&value, bytes.data() + at, sizeof value);
        sample.at(row++, f) = value;
      }
  }
  return sample;
}

template FeatureMatrix<float> gather_sample<float>(const Communicator&, const FeatureMatrix<float>&,
                                                   const std::vector<std::int64_t>&);
template FeatureMatrix<double> gather_sample<double>(const Communicator&, const FeatureMatrix<double>&,
                                                     const std::vector<std::int64_t>&);

}  // namespace cardseg::quality
