#include "profile/number_groups.hpp"

#include <algorithm>
#include <cmath>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/fine_grid.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "cardseg/portfolio/quantiles.hpp"

namespace cardseg::profile {
namespace {

using core::int128;
using portfolio::Grouping;

constexpr std::int64_t block_rows = 16384;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// What is counted and added up of a group.
struct Sums {
  std::int64_t customers = 0;
  std::int64_t present = 0;
  std::int64_t zeros = 0;
  int128 values = 0;      // cut to the group's grid
  int128 magnitudes = 0;  // likewise
  int128 squares = 0;     // of differences from the group's centre, on a grid of their own
  double min = infinity;
  double max = -infinity;
  double largest = 0.0;  // |value|
  double second = 0.0;

  double max_magnitude() const { return present == 0 ? 0.0 : std::max(std::abs(min), std::abs(max)); }
  void add_magnitude(double magnitude) {
    if (magnitude <= second) return;
    second = std::min(magnitude, largest);
    largest = std::max(magnitude, largest);
  }
  void add(const Sums& other) {
    customers += other.customers;
    present += other.present;
    zeros += other.zeros;
    values += other.values;
    magnitudes += other.magnitudes;
    squares += other.squares;
    min = std::min(min, other.min);
    max = std::max(max, other.max);
    add_magnitude(other.largest);
    add_magnitude(other.second);
  }
};

using GroupSums = std::vector<Sums>;

// Local. Calls add(value, group, sums of the group) for all rows; threads share them.
template <class Add>
GroupSums local_sums(std::span<const double> values, const Grouping& groups, Add add) {
  GroupSums all(static_cast<std::size_t>(groups.groups));
  const std::int64_t rows = std::ssize(values);
  core::ThreadFailure failure;
#pragma omp parallel
  {
    GroupSums mine;
    const bool is_ready = failure.guard([&] { mine.resize(all.size()); });
#pragma omp for schedule(dynamic) nowait
    for (std::int64_t begin = 0; begin < rows; begin += block_rows) {
      if (!is_ready) continue;
      const std::int64_t end = std::min(begin + block_rows, rows);
      for (std::int64_t i = begin; i < end; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const auto group = static_cast<std::size_t>(groups.group[at]);
        add(values[at], group, mine[group]);
      }
    }
#pragma omp critical(cardseg_number_groups)
    for (std::size_t g = 0; is_ready && g < all.size(); ++g) all[g].add(mine[g]);
  }
  failure.rethrow();
  return all;
}

// Collective. The two largest magnitudes of each group over all ranks.
void reduce_magnitudes(const comm::Communicator& comm, GroupSums& sums) {
  std::vector<double> largest;
  for (const Sums& each : sums) largest.push_back(each.largest);
  comm.allreduce_max(std::span(largest));
  std::vector<std::int64_t> holders;
  std::vector<double> second;
  for (std::size_t g = 0; g < sums.size(); ++g) {
    const bool is_holder = sums[g].largest == largest[g];
    holders.push_back(is_holder ? 1 : 0);
    second.push_back(is_holder ? sums[g].second : sums[g].largest);
  }
  comm.allreduce_sum(std::span(holders));
  comm.allreduce_max(std::span(second));
  for (std::size_t g = 0; g < sums.size(); ++g) {
    sums[g].largest = largest[g];
    sums[g].second = holders[g] > 1 ? largest[g] : second[g];
  }
}

// Collective. Counts, ends and largest magnitudes of each group.
GroupSums compute_counts(const comm::Communicator& comm, std::span<const double> values, const Grouping& groups) {
  GroupSums sums = comm::agree(comm, [&] {
    return local_sums(values, groups, [](double x, std::size_t, Sums& mine) {
      ++mine.customers;
      if (std::isnan(x)) return;
      ++mine.present;
      mine.zeros += x == 0.0 ? 1 : 0;
      mine.min = std::min(mine.min, x);
      mine.max = std::max(mine.max, x);
      mine.add_magnitude(std::abs(x));
    });
  });
  std::vector<std::int64_t> counts;
  std::vector<double> least;
  for (const Sums& each : sums) {
    counts.insert(counts.end(), {each.customers, each.present, each.zeros});
    least.insert(least.end(), {each.min, -each.max});
  }
  comm.allreduce_sum(std::span(counts));
  comm.allreduce_min(std::span(least));
  for (std::size_t g = 0; g < sums.size(); ++g) {
    sums[g].customers = counts[3 * g];
    sums[g].present = counts[3 * g + 1];
    sums[g].zeros = counts[3 * g + 2];
    sums[g].min = least[2 * g];
    sums[g].max = -least[2 * g + 1];
  }
  reduce_magnitudes(comm, sums);
  return sums;
}

// The mean of a group as two numbers: differences of means do not cancel, however far from 0 they are.
struct Mean {
  double high = 0.0;
  double low = 0.0;

  double value() const { return high + low; }
  double minus(const Mean& other) const { return (high - other.high) + (low - other.low); }
};

// Collective. Adds up values on a grid for each group; the groups' means.
std::vector<Mean> compute_means(const comm::Communicator& comm, std::span<const double> values, const Grouping& groups,
                                GroupSums& sums) {
  std::vector<core::FineGrid> grids;
  for (const Sums& each : sums) grids.push_back(core::FineGrid::for_values(each.max_magnitude()));
  const GroupSums local = comm::agree(comm, [&] {
    return local_sums(values, groups, [&](double x, std::size_t group, Sums& mine) {
      if (std::isnan(x)) return;
      const std::int64_t quanta = grids[group].cut(x);
      mine.values += quanta;
      mine.magnitudes += quanta < 0 ? -quanta : quanta;
    });
  });
  std::vector<int128> integers;
  for (const Sums& each : local) integers.insert(integers.end(), {each.values, each.magnitudes});
  comm.allreduce_sum(std::span(integers));
  std::vector<Mean> means(sums.size());
  for (std::size_t g = 0; g < sums.size(); ++g) {
    Sums& each = sums[g];
    each.values = integers[2 * g];
    each.magnitudes = integers[2 * g + 1];
    if (each.present == 0) continue;
    const double high = grids[g].value(each.values / each.present);
    const int128 rest = each.values - int128{grids[g].cut(high)} * each.present;
    means[g] = {high, grids[g].value(rest) / static_cast<double>(each.present)};
  }
  return means;
}

// Collective. The sum of squared differences from each group's own mean.
std::vector<double> compute_squares(const comm::Communicator& comm, std::span<const double> values,
                                    const Grouping& groups, const GroupSums& sums, const std::vector<Mean>& means) {
  std::vector<core::FineGrid> grids;
  for (std::size_t g = 0; g < sums.size(); ++g) {
    const double furthest =
        sums[g].present == 0 ? 0.0
                             : std::max(std::abs(sums[g].max - means[g].high), std::abs(sums[g].min - means[g].high));
    grids.push_back(core::FineGrid::for_values(furthest * furthest));
  }
  const GroupSums local = comm::agree(comm, [&] {
    return local_sums(values, groups, [&](double x, std::size_t group, Sums& mine) {
      if (std::isnan(x)) return;
      const double difference = x - means[group].high;
      mine.squares += grids[group].cut(difference * difference);
    });
  });
  std::vector<int128> integers;
  for (const Sums& each : local) integers.push_back(each.squares);
  comm.allreduce_sum(std::span(integers));
  std::vector<double> squares;
  for (std::size_t g = 0; g < sums.size(); ++g) {
    // sum (x - mean)^2 = sum (x - high)^2 - n low^2
    const double low = means[g].low;
    squares.push_back(std::max(0.0, grids[g].value(integers[g]) - static_cast<double>(sums[g].present) * low * low));
  }
  return squares;
}

// The mean of all groups together.
Mean mean_of_all(const GroupSums& sums, const std::vector<Mean>& means) {
  std::int64_t present = 0;
  double from_origin = 0.0;
  double origin = 0.0;
  for (std::size_t g = 0; g < sums.size(); ++g) {
    if (sums[g].present == 0) continue;
    if (present == 0) origin = means[g].high;
    present += sums[g].present;
    from_origin += static_cast<double>(sums[g].present) * means[g].minus({origin, 0.0});
  }
  if (present == 0) return {};
  const double difference = from_origin / static_cast<double>(present);
  const double high = origin + difference;
  return {high, (origin - high) + difference};
}

// The present values of a group; all of them for group 0.
std::vector<double> local_values_of(std::span<const double> values, const Grouping& groups, std::int32_t group) {
  std::vector<double> taken;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isnan(values[i]) && (group == 0 || groups.group[i] == group)) taken.push_back(values[i]);
  return taken;
}

// Collective.
void set_quantiles(const comm::Communicator& comm, std::span<const double> values, const Grouping& groups,
                   std::vector<NumberGroup>& found) {
  for (std::size_t g = 0; g < found.size(); ++g) {
    const auto taken = comm::agree(comm, [&] { return local_values_of(values, groups, static_cast<std::int32_t>(g)); });
    const std::vector<double> quantiles = portfolio::compute_quantiles(comm, taken, quantile_shares);
    std::ranges::copy(quantiles, found[g].quantile.begin());
  }
}

// The whole's order statistics at or next below 1 %, 2 %, ... 99 %: where bins end, each once.
std::vector<double> bin_ends(const comm::Communicator& comm, std::span<const double> values) {
  std::vector<portfolio::Quantile> percentiles;
  for (int i = 1; i < 100; ++i) percentiles.push_back({i / 100.0, portfolio::QuantileMethod::lower});
  std::vector<double> ends = portfolio::compute_quantiles(comm, values, percentiles);
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  return ends;
}

// The bin of a value: 2 i + 1 of the i-th end itself, 2 i of what lies below it and above the one before.
std::size_t bin_of(const std::vector<double>& ends, double x) {
  const auto at = std::ranges::lower_bound(ends, x);
  const auto i = static_cast<std::size_t>(at - ends.begin());
  return 2 * i + (at != ends.end() && *at == x ? 1 : 0);
}

// Collective. Of each group the sum over bins of the lesser of its share and the whole's.
void set_overlap(const comm::Communicator& comm, std::span<const double> values, const Grouping& groups,
                 std::vector<NumberGroup>& found) {
  if (found[0].present == 0) return;
  const std::vector<double> ends = bin_ends(comm, values);
  const std::size_t bins = 2 * ends.size() + 1;
  std::vector<std::int64_t> counts(found.size() * bins);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isnan(values[i])) ++counts[static_cast<std::size_t>(groups.group[i]) * bins + bin_of(ends, values[i])];
  comm.allreduce_sum(std::span(counts));
  for (std::size_t g = 1; g < found.size(); ++g)
    for (std::size_t b = 0; b < bins; ++b) counts[b] += counts[g * bins + b];
  for (std::size_t g = 0; g < found.size(); ++g) {
    if (found[g].present == 0) continue;
    double overlap = 0.0;
    for (std::size_t b = 0; b < bins; ++b)
      overlap += std::min(static_cast<double>(counts[g * bins + b]) / static_cast<double>(found[g].present),
                          static_cast<double>(counts[b]) / static_cast<double>(found[0].present));
    found[g].overlap = std::min(overlap, 1.0);
  }
}

}  // namespace

double NumberGroup::sd() const { return present > 0 ? std::sqrt(squares / static_cast<double>(present)) : nan; }

std::vector<NumberGroup> compute_number_groups(const comm::Communicator& comm, std::span<const double> local_values,
                                               const Grouping& local_groups) {
  GroupSums sums = compute_counts(comm, local_values, local_groups);
  std::vector<Mean> means = compute_means(comm, local_values, local_groups, sums);
  const std::vector<double> squares = compute_squares(comm, local_values, local_groups, sums, means);
  const Mean whole = mean_of_all(sums, means);
  std::vector<NumberGroup> found(sums.size());
  double all_squares = 0.0;
  double all_magnitudes = 0.0;
  for (std::size_t g = 0; g < sums.size(); ++g) {
    NumberGroup& group = found[g];
    group.customers = sums[g].customers;
    group.present = sums[g].present;
    group.zeros = sums[g].zeros;
    group.dominance = {sums[g].largest, sums[g].second,
                       core::FineGrid::for_values(sums[g].max_magnitude()).value(sums[g].magnitudes)};
    all_magnitudes += group.dominance.all;
    if (group.present == 0) continue;
    group.mean = means[g].value();
    group.from_whole = means[g].minus(whole);
    group.squares = squares[g];
    all_squares += squares[g] + static_cast<double>(group.present) * group.from_whole * group.from_whole;
  }
  for (std::size_t g = 1; g < sums.size(); ++g) sums[0].add(sums[g]);
  found[0] = {};
  found[0].customers = sums[0].customers;
  found[0].present = sums[0].present;
  found[0].zeros = sums[0].zeros;
  found[0].dominance = {sums[0].largest, sums[0].second, all_magnitudes};
  if (sums[0].present > 0) {
    found[0].mean = whole.value();
    found[0].from_whole = 0.0;
    found[0].squares = all_squares;
  }
  set_quantiles(comm, local_values, local_groups, found);
  set_overlap(comm, local_values, local_groups, found);
  return found;
}

}  // namespace cardseg::profile
