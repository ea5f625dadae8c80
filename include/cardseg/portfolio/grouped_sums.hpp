// The one way to add up by group: sums, counts and bins of customers by segment or any other grouping, exact and
// parallel.
//
// What is added is integers, values rounded to a grid first, so neither threads nor ranks nor the order of rows matter.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "cardseg/portfolio/exact_statistics.hpp"

namespace cardseg::portfolio {

/// Integer sums of several tables, each with a number of cells of its own: a cell is a group, or a group and a bin.
class GroupedSums {
 public:
  /// Nothing yet.
  explicit GroupedSums(std::span<const int> cells) {
    for (int count : cells) tables_.emplace_back(static_cast<std::size_t>(count));
  }

  void add(std::size_t table, std::int64_t cell, std::int64_t quanta) {
    tables_[table][static_cast<std::size_t>(cell)] += quanta;
  }
  void add(const GroupedSums& other) {
    for (std::size_t t = 0; t < tables_.size(); ++t)
      for (std::size_t i = 0; i < tables_[t].size(); ++i) tables_[t][i] += other.tables_[t][i];
  }
  /// Collective, one allreduce: local sums become global ones.
  void reduce(const comm::Communicator& comm);

  const std::vector<core::int128>& of(std::size_t table) const { return tables_[table]; }

 private:
  std::vector<std::vector<core::int128>> tables_;
};

/// Local. What add_block(b, sums) adds for all blocks b in [0, blocks): threads share the blocks and have sums of their
/// own. Throws what add_block throws. Memory: 16 bytes a cell and thread.
template <class AddBlock>
GroupedSums local_grouped_sums(std::span<const int> cells, std::int64_t blocks, AddBlock add_block) {
  GroupedSums sums(cells);
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::optional<GroupedSums> mine;
    failure.guard([&] { mine.emplace(cells); });
#pragma omp for schedule(static) nowait
    for (std::int64_t b = 0; b < blocks; ++b) failure.guard([&] { add_block(b, *mine); });
#pragma omp critical(cardseg_grouped_sums)
    failure.guard([&] { sums.add(*mine); });
  }
  failure.rethrow();
  return sums;
}

/// Rows that are added together, and what group each is in.
struct Grouping {
  std::span<const std::int32_t> group;  ///< of each local row, from 0
  int groups = 0;
};

/// Collective. The exact integer sum of quanta(row), by group: of local rows [0, grouping.group.size()) on every rank.
template <class Quanta>
std::vector<core::int128> sum_by_group(const comm::Communicator& comm, const Grouping& grouping, Quanta quanta) {
  constexpr std::int64_t block = 4096;
  const std::int64_t rows = std::ssize(grouping.group);
  const auto add_block = [&](std::int64_t b, GroupedSums& mine) {
    for (std::int64_t i = b * block; i < std::min(rows, (b + 1) * block); ++i)
      mine.add(0, grouping.group[static_cast<std::size_t>(i)], quanta(i));
  };
  GroupedSums sums = comm::agree(comm, [&] {
    return local_grouped_sums({&grouping.groups, 1}, (rows + block - 1) / block, add_block);
  });
  sums.reduce(comm);
  return sums.of(0);
}

/// Collective. The customers of each group.
std::vector<std::int64_t> count_by_group(const comm::Communicator& comm, const Grouping& grouping);

/// Sums of values by group, and of all.
struct GroupTotals {
  std::vector<double> by_group;
  double all = 0.0;
};

/// Collective. The sum of value(row) by group, each value rounded to the grid that the global maximum magnitude and the
/// number of rows fix, added exactly, and each sum rounded once to double. `all` is the sum of the integers, not of
/// doubles.
template <class Value>
GroupTotals total_by_group(const comm::Communicator& comm, const Grouping& grouping, Value value) {
  const std::int64_t rows = std::ssize(grouping.group);
  const double largest = comm.max(local_max_magnitude(rows, value));
  const core::FixedPoint grid = core::FixedPoint::for_values(largest, comm.sum(rows));
  GroupTotals totals;
  core::int128 all = 0;
  for (core::int128 sum : sum_by_group(comm, grouping, [&](std::int64_t i) { return grid.round(value(i)); })) {
    totals.by_group.push_back(grid.value(sum));
    all += sum;
  }
  totals.all = grid.value(all);
  return totals;
}

}  // namespace cardseg::portfolio
