#include "cluster/masses.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include "cardseg/cluster/label_tiles.hpp"
#include "cardseg/cluster/nearest.hpp"
#include "cardseg/cluster/screen.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/thread_failure.hpp"

namespace cardseg::cluster {
namespace {

using core::int128;
using portfolio::tile_rows;

constexpr std::int64_t block_rows = mass_block_tiles * tile_rows;
constexpr std::int64_t no_row = std::numeric_limits<std::int64_t>::max();

double* allocate_distances(std::int64_t count) {
  void* memory = std::aligned_alloc(64, static_cast<std::size_t>(std::max<std::int64_t>(count, 8)) * sizeof(double));
  if (!memory) throw std::bad_alloc();
  return static_cast<double*>(memory);
}

}  // namespace

void throw_no_mass() {
  core::Error error(core::ExitCode::bad_data, "customers differ by so little that their squared distances vanish");
  throw comm::AgreedError(error.remedy("Use scale = zscore for the columns, or fewer segments"));
}

template <class T>
Masses<T>::Masses(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix, MassNumbers numbers)
    : comm_(comm), matrix_(matrix), customers_(comm.sum(matrix.rows())) {
  const std::int64_t count = matrix.tiles() * tile_rows;
  comm::agree(comm, [&] {
    distances_.reset(allocate_distances(count));
    block_masses_.resize(static_cast<std::size_t>(blocks()));
    if (numbers == MassNumbers::nearest) numbers_.resize(static_cast<std::size_t>(count));
  });
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < count; ++i) distances_[i] = i < matrix.rows() ? HUGE_VAL : 0.0;
}

template <class T>
MassBlock<T> Masses<T>::block(std::int64_t b) const {
  const std::int64_t first = b * mass_block_tiles;
  return {matrix_.tile(first), std::min(mass_block_tiles, matrix_.tiles() - first), matrix_.features(),
          distances_.get() + first * tile_rows, has_grid_ ? grid_.factor() : 0.0};
}

template <class T>
void Masses<T>::release(std::int64_t b) const {
  matrix_.release(b * mass_block_tiles, std::min(matrix_.tiles(), (b + 1) * mass_block_tiles));
}

// Local. lower(b) for all blocks: their masses, and the largest distance.
template <class T>
template <class Lower>
double Masses<T>::local_pass(Lower lower) {
  double largest = 0.0;
  core::ThreadFailure failure;
#pragma omp parallel for schedule(static) reduction(max : largest)
  for (std::int64_t b = 0; b < blocks(); ++b)
    failure.guard([&] {
      const BlockMass found = lower(b);
      block_masses_[static_cast<std::size_t>(b)] = found.mass;
      largest = std::max(largest, found.largest);
      release(b);
    });
  failure.rethrow();
  return largest;
}

// lower(b) for all blocks, and what follows from it.
template <class T>
template <class Lower>
void Masses<T>::pass(Lower lower) {
  ++passes_;
  const double largest = comm::agree(comm_, [&] { return local_pass(lower); });
  const core::FixedPoint grid = core::FixedPoint::for_values(comm_.max(largest), customers_);
  const bool is_summed = has_grid_ && grid.shift() == grid_.shift();
  grid_ = grid;
  has_grid_ = true;
  if (!is_summed) sum_again();
  local_ = 0;
  for (std::int64_t mass : block_masses_) local_ += mass;
  before_ = comm_.exscan_sum(local_);
  total_ = local_;
  comm_.allreduce_sum(std::span(&total_, 1));
}

template <class T>
void Masses<T>::sum_again() {
#pragma omp parallel for schedule(static)
  for (std::int64_t b = 0; b < blocks(); ++b) {
    const MassBlock<T> at = block(b);
    block_masses_[static_cast<std::size_t>(b)] = sum_masses(at.distances, at.tiles, at.factor);
  }
}

template <class T>
void Masses<T>::add(const double* point) {
  pass([&](std::int64_t b) { return lower_distances(block(b), point); });
  ++points_;
}

template <class T>
void Masses<T>::add_numbered(const Centroids& points) {
  const ScreenCentroids screened = make_screen(points);
  pass([&](std::int64_t b) {
    const MassBlock<T> at = block(b);
    std::int32_t winners[block_rows];  // argmin_j |x_i - p_j|^2
    label_tiles(matrix_, b * mass_block_tiles, at.tiles, points, screened, winners);
    return lower_to_winners(at, points, winners, points_, numbers_.data() + b * block_rows);
  });
  points_ += points.segments;
}

template <class T>
std::vector<int128> Masses<T>::local_totals_with(const Centroids& points) const {
  const auto count = static_cast<std::size_t>(points.segments);
  std::vector<int128> totals(count);
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::vector<int128> mine;
    std::vector<std::int64_t> masses;
    const bool is_ready = failure.guard([&] {
      mine.resize(count);
      masses.resize(count);
    });
#pragma omp for schedule(static) nowait
    for (std::int64_t b = 0; b < blocks(); ++b)
      failure.guard([&] {
        std::ranges::fill(masses, 0);
        add_masses_with(block(b), points, masses.data());
        for (std::size_t j = 0; j < count; ++j) mine[j] += masses[j];
        release(b);
      });
#pragma omp critical(cardseg_totals_with)
    for (std::size_t j = 0; is_ready && j < count; ++j) totals[j] += mine[j];
  }
  failure.rethrow();
  return totals;
}

template <class T>
std::vector<int128> Masses<T>::totals_with(const Centroids& points) {
  ++passes_;
  std::vector<int128> totals = comm::agree(comm_, [&] { return local_totals_with(points); });
  comm_.allreduce_sum(std::span(totals));
  return totals;
}

template <class T>
std::int64_t Masses<T>::draw(std::uint64_t random_bits) const {
  if (total_ == 0) throw_no_mass();
  int128 target = core::scaled_draw(random_bits, total_) - before_;
  if (target < 0 || target >= local_) return comm_.min(no_row);
  std::size_t b = 0;
  for (; target >= block_masses_[b]; ++b) target -= block_masses_[b];
  std::int64_t row = static_cast<std::int64_t>(b) * block_rows;
  for (; target >= mass(row); ++row) target -= mass(row);
  return comm_.min(matrix_.global_rows().begin + row);
}

template <class T>
std::vector<std::int64_t> Masses<T>::local_taken(const core::RowRandom& random, std::uint32_t draw,
                                                 std::int64_t expected) const {
  std::vector<std::int64_t> rows;
  const std::int64_t first_row = matrix_.global_rows().begin;
  const double share = static_cast<double>(total_) * 0x1p-64;
  core::ThreadFailure failure;
#pragma omp parallel for schedule(static)
  for (std::int64_t b = 0; b < blocks(); ++b) {
    if (block_masses_[static_cast<std::size_t>(b)] == 0) continue;
    std::uint64_t bits[block_rows];
    draw_for_rows(random, draw, first_row + b * block_rows, block(b).tiles, bits);
    for (std::int64_t i = b * block_rows; i < std::min((b + 1) * block_rows, matrix_.rows()); ++i) {
      const std::uint64_t u = bits[i - b * block_rows];
      const int128 limit = int128{expected} * mass(i);
      // u total / 2^64 < limit; the floor of the left side decides, as the right is whole. Most are far from it.
      if (static_cast<double>(u) * share > static_cast<double>(limit) * (1 + 0x1p-40)) continue;
      if (core::scaled_draw(u, total_) >= limit) continue;
#pragma omp critical(cardseg_taken)
      failure.guard([&] { rows.push_back(first_row + i); });
    }
  }
  failure.rethrow();
  std::ranges::sort(rows);
  return rows;
}

template <class T>
std::vector<std::int64_t> Masses<T>::draw_each(const core::RowRandom& random, std::uint32_t draw, std::int64_t expected,
                                               std::int64_t most) const {
  const std::vector<std::int64_t> local = comm::agree(comm_, [&] { return local_taken(random, draw, expected); });
  const std::vector<std::int64_t> taken = comm_.allgather(static_cast<std::int64_t>(local.size()));
  std::int64_t all = 0;
  std::int64_t before = 0;
  for (std::size_t r = 0; r < taken.size(); ++r) {
    if (r < static_cast<std::size_t>(comm_.rank())) before += taken[r];
    all += taken[r];
  }
  auto rows =
      comm::agree(comm_, [&] { return std::vector<std::int64_t>(static_cast<std::size_t>(std::min(all, most))); });
  for (std::size_t i = 0; i < local.size() && before + static_cast<std::int64_t>(i) < most; ++i)
    rows[static_cast<std::size_t>(before) + i] = local[i];
  comm_.allreduce_sum(std::span(rows));
  return rows;
}

template <class T>
std::vector<std::int64_t> Masses<T>::weigh_nearest() const {
  auto weights = comm::agree(comm_, [&] { return std::vector<std::int64_t>(static_cast<std::size_t>(points_)); });
  for (std::int64_t i = 0; i < matrix_.rows(); ++i)
    weights[static_cast<std::size_t>(numbers_[static_cast<std::size_t>(i)])] += 1;  // the customer's weight
  comm_.allreduce_sum(std::span(weights));
  return weights;
}

template class Masses<float>;
template class Masses<double>;

}  // namespace cardseg::cluster
