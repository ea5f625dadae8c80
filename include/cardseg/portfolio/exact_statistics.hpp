// Sums, means and variances that do not depend on the number of ranks or threads.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/exact_sum.hpp"

namespace cardseg::portfolio {

/// Local. The largest |f(i)| for i in [0, count); 0 for none.
template <class F>
double local_max_magnitude(std::int64_t count, F f) {
  double largest = 0.0;
#pragma omp parallel for reduction(max : largest) schedule(static)
  for (std::int64_t i = 0; i < count; ++i) {
    const double magnitude = std::abs(f(i));
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}

/// Local. The sum of what sum_of(begin, end) gives for blocks of rows that together are [0, count); none is longer than
/// grid.max_additions(), so rounded values do not overflow.
template <class SumOf>
core::int128 local_sum_of_blocks(const core::FixedPoint& grid, std::int64_t count, SumOf sum_of) {
  const std::int64_t block = std::min<std::int64_t>(grid.max_additions(), 4096);
  const std::int64_t blocks = (count + block - 1) / block;
  core::int128 total = 0;
#pragma omp parallel
  {
    core::int128 mine = 0;
#pragma omp for schedule(dynamic, 4) nowait
    for (std::int64_t b = 0; b < blocks; ++b) mine += sum_of(b * block, std::min(count, (b + 1) * block));
#pragma omp critical(cardseg_exact_sum)
    total += mine;
  }
  return total;
}

/// Local. The sum of grid.round(f(i)) for i in [0, count), without overflow.
template <class F>
core::int128 local_exact_sum(const core::FixedPoint& grid, std::int64_t count, F f) {
  return local_sum_of_blocks(grid, count, [&](std::int64_t begin, std::int64_t end) {
    std::int64_t sum = 0;
    for (std::int64_t i = begin; i < end; ++i) sum += grid.round(f(i));
    return sum;
  });
}

/// Collective. The sum over all ranks of values that each rank rounds to a grid and adds by itself, `local_sum(grid,
/// lift)` being the sum of grid.round(value * lift). The global maximum magnitude `largest` and `global_count` fix the
/// grid.
template <class LocalSum>
double exact_sum_by(const comm::Communicator& comm, std::int64_t global_count, double largest, LocalSum local_sum) {
  const double lift = largest < 0x1p-900 ? 0x1p200 : 1.0;  // no grid is finer than 2^-1000: lift what would need one
  const core::FixedPoint grid = core::FixedPoint::for_values(largest * lift, global_count);
  core::int128 sum = local_sum(grid, lift);
  comm.allreduce_sum(std::span(&sum, 1));
  return grid.value(sum) / lift;
}

/// Collective. The sum over all ranks of f(i), i in [0, local_count): each value rounded to a grid that the global
/// maximum magnitude and count fix, then added exactly. `global_count`: the number of values on all ranks; `largest`:
/// the maximum of |f| over all of them.
template <class F>
double exact_sum(const comm::Communicator& comm, std::int64_t local_count, std::int64_t global_count, double largest,
                 F f) {
  return exact_sum_by(comm, global_count, largest, [&](const core::FixedPoint& grid, double lift) {
    return local_exact_sum(grid, local_count, [&](std::int64_t i) { return f(i) * lift; });
  });
}

/// The same where the largest magnitude is not known: another pass finds it.
template <class F>
double exact_sum(const comm::Communicator& comm, std::int64_t local_count, std::int64_t global_count, F f) {
  return exact_sum(comm, local_count, global_count, comm.max(local_max_magnitude(local_count, f)), f);
}

}  // namespace cardseg::portfolio
