#include "profile/number_groups.hpp"

#include <algorithm>
#include <cmath>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/fine_grid.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "profile/grouped_order.hpp"
#include "profile/value_histogram.hpp"

namespace cardseg::profile {
namespace {

using core::int128;
using portfolio::Grouping;

constexpr std::int64_t block_rows = 16384;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// What is counted of a group.
struct Counts {
  std::int64_t customers = 0;
  std::int64_t present = 0;
  std::int64_t zeros = 0;
  double min = infinity;
  double max = -infinity;
  double max_negative = -infinity;
  double min_positive = infinity;
  double largest = 0.0;  // |value|
  double second = 0.0;

  double max_magnitude() const { return present == 0 ? 0.0 : std::max(std::abs(min), std::abs(max)); }
  void add(double x) {
    ++present;
    zeros += x == 0.0 ? 1 : 0;
    min = std::min(min, x);
    max = std::max(max, x);
    if (x < 0.0) max_negative = std::max(max_negative, x);
    if (x > 0.0) min_positive = std::min(min_positive, x);
    add_magnitude(std::abs(x));
  }
  void add_magnitude(double magnitude) {
    if (magnitude <= second) return;
    second = std::min(magnitude, largest);
    largest = std::max(magnitude, largest);
  }
  void add(const Counts& other) {
    customers += other.customers;
    present += other.present;
    zeros += other.zeros;
    min = std::min(min, other.min);
    max = std::max(max, other.max);
    max_negative = std::max(max_negative, other.max_negative);
    min_positive = std::min(min_positive, other.min_positive);
    add_magnitude(other.largest);
    add_magnitude(other.second);
  }
};

using GroupCounts = std::vector<Counts>;

// Local; threads share the values.
GroupCounts local_counts(std::span<const double> values, const Grouping& groups) {
  GroupCounts all(static_cast<std::size_t>(groups.groups));
  const std::int64_t rows = std::ssize(values);
  core::ThreadFailure failure;
#pragma omp parallel
  {
    GroupCounts mine;
    const bool is_ready = failure.guard([&] { mine.resize(all.size()); });
#pragma omp for schedule(dynamic) nowait
    for (std::int64_t begin = 0; begin < rows; begin += block_rows) {
      if (!is_ready) continue;
      const auto end = static_cast<std::size_t>(std::min(begin + block_rows, rows));
      for (auto i = static_cast<std::size_t>(begin); i < end; ++i) {
        Counts& group = mine[static_cast<std::size_t>(groups.group[i])];
        ++group.customers;
        if (!std::isnan(values[i])) group.add(values[i]);
      }
    }
#pragma omp critical(cardseg_number_groups)
    for (std::size_t g = 0; is_ready && g < all.size(); ++g) all[g].add(mine[g]);
  }
  failure.rethrow();
  return all;
}

// Collective. The two largest magnitudes of each group over all ranks.
void reduce_magnitudes(const comm::Communicator& comm, GroupCounts& sums) {
  std::vector<double> largest;
  for (const Counts& each : sums) largest.push_back(each.largest);
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
GroupCounts compute_counts(const comm::Communicator& comm, std::span<const double> values, const Grouping& groups) {
  GroupCounts found = comm::agree(comm, [&] { return local_counts(values, groups); });
  std::vector<std::int64_t> counts;
  std::vector<double> least;
  for (const Counts& each : found) {
    counts.insert(counts.end(), {each.customers, each.present, each.zeros});
    least.insert(least.end(), {each.min, -each.max, -each.max_negative, each.min_positive});
  }
  comm.allreduce_sum(std::span(counts));
  comm.allreduce_min(std::span(least));
  for (std::size_t g = 0; g < found.size(); ++g) {
    found[g].customers = counts[3 * g];
    found[g].present = counts[3 * g + 1];
    found[g].zeros = counts[3 * g + 2];
    found[g].min = least[4 * g];
    found[g].max = -least[4 * g + 1];
    found[g].max_negative = -least[4 * g + 2];
    found[g].min_positive = least[4 * g + 3];
  }
  reduce_magnitudes(comm, found);
  return found;
}

Counts sum_of(const GroupCounts& groups) {
  Counts sum;
  for (const Counts& each : groups) sum.add(each);
  return sum;
}

// The values of a column, and what is known of them.
struct Numbers {
  std::span<const double> local_values;
  const Grouping& local_groups;
  const GroupCounts& counts;  // [group]
  const ValueHistogram& histogram;
};

// Collective. The exact sum of quanta(value, group) over present values, by group: of the histogram, where it says all,
// else of the values.
template <class Quanta>
std::vector<int128> sum_by_group(const comm::Communicator& comm, const Numbers& all, Quanta quanta) {
  const int groups = all.local_groups.groups;
  if (!all.histogram.is_whole_truth())
    return portfolio::sum_by_group(comm, all.local_groups, [&](std::int64_t i) -> std::int64_t {
      const auto at = static_cast<std::size_t>(i);
      const double x = all.local_values[at];
      return std::isnan(x) ? 0 : quanta(x, static_cast<std::size_t>(all.local_groups.group[at]));
    });
  std::vector<int128> sums(static_cast<std::size_t>(groups));
  for (int g = 0; g < groups; ++g)
    for (std::int64_t b = 0; b < all.histogram.buckets.size(); ++b) {
      const std::int64_t count = all.histogram.of(g)[b];
      if (count > 0)
        sums[static_cast<std::size_t>(g)] +=
            int128{count} * quanta(all.histogram.low[static_cast<std::size_t>(b)], static_cast<std::size_t>(g));
    }
  return sums;
}

// The mean of a group as two numbers: differences of means do not cancel, however far from 0 they are.
struct Mean {
  double high = 0.0;
  double low = 0.0;

  double value() const { return high + low; }
  double minus(const Mean& other) const { return (high - other.high) + (low - other.low); }
};

std::vector<core::FineGrid> value_grids(const Numbers& all) {
  std::vector<core::FineGrid> grids;
  for (const Counts& each : all.counts) grids.push_back(core::FineGrid::for_values(each.max_magnitude()));
  return grids;
}

// Collective. The groups' means.
std::vector<Mean> compute_means(const comm::Communicator& comm, const Numbers& all) {
  const std::vector<core::FineGrid> grids = value_grids(all);
  const std::vector<int128> sums =
      sum_by_group(comm, all, [&](double x, std::size_t group) { return grids[group].cut(x); });
  std::vector<Mean> means(sums.size());
  for (std::size_t g = 0; g < sums.size(); ++g) {
    const std::int64_t present = all.counts[g].present;
    if (present == 0) continue;
    const double high = grids[g].value(sums[g] / present);
    const int128 rest = sums[g] - int128{grids[g].cut(high)} * present;
    means[g] = {high, grids[g].value(rest) / static_cast<double>(present)};
  }
  return means;
}

// Collective. The sum of the groups' |values|.
std::vector<double> compute_magnitudes(const comm::Communicator& comm, const Numbers& all,
                                       const std::vector<Mean>& means) {
  std::vector<double> magnitudes;
  if (std::ranges::all_of(all.counts, [](const Counts& each) { return !(each.min < 0.0); })) {
    for (std::size_t g = 0; g < means.size(); ++g)
      magnitudes.push_back(means[g].value() * static_cast<double>(all.counts[g].present));
    return magnitudes;
  }
  const std::vector<core::FineGrid> grids = value_grids(all);
  const std::vector<int128> sums =
      sum_by_group(comm, all, [&](double x, std::size_t group) { return grids[group].cut(std::abs(x)); });
  for (std::size_t g = 0; g < sums.size(); ++g) magnitudes.push_back(grids[g].value(sums[g]));
  return magnitudes;
}

// Collective. The sum of squared differences from each group's own mean.
std::vector<double> compute_squares(const comm::Communicator& comm, const Numbers& all,
                                    const std::vector<Mean>& means) {
  std::vector<core::FineGrid> grids;
  for (std::size_t g = 0; g < means.size(); ++g) {
    const Counts& each = all.counts[g];
    const double high = means[g].high;
    const double furthest = each.present == 0 ? 0.0 : std::max(std::abs(each.max - high), std::abs(each.min - high));
    grids.push_back(core::FineGrid::for_values(furthest * furthest));
  }
  const std::vector<int128> sums = sum_by_group(comm, all, [&](double x, std::size_t group) {
    const double difference = x - means[group].high;
    return grids[group].cut(difference * difference);
  });
  std::vector<double> squares;
  for (std::size_t g = 0; g < means.size(); ++g) {
    // sum (x - mean)^2 = sum (x - high)^2 - n low^2
    const double low = means[g].low;
    squares.push_back(std::max(0.0, grids[g].value(sums[g]) - static_cast<double>(all.counts[g].present) * low * low));
  }
  return squares;
}

// The mean of all groups together.
Mean mean_of_all(const GroupCounts& counts, const std::vector<Mean>& means) {
  std::int64_t present = 0;
  double from_origin = 0.0;
  double origin = 0.0;
  for (std::size_t g = 0; g < counts.size(); ++g) {
    if (counts[g].present == 0) continue;
    if (present == 0) origin = means[g].high;
    present += counts[g].present;
    from_origin += static_cast<double>(counts[g].present) * means[g].minus({origin, 0.0});
  }
  if (present == 0) return {};
  const double difference = from_origin / static_cast<double>(present);
  const double high = origin + difference;
  return {high, (origin - high) + difference};
}

NumberGroup with_counts(const Counts& counts) {
  NumberGroup group;
  group.customers = counts.customers;
  group.present = counts.present;
  group.zeros = counts.zeros;
  group.dominance = {counts.largest, counts.second, 0.0};
  return group;
}

// Collective. Counts, means and deviations: the whole first, then the groups but the last.
std::vector<NumberGroup> compute_moments(const comm::Communicator& comm, const Numbers& all) {
  const std::vector<Mean> means = compute_means(comm, all);
  const std::vector<double> magnitudes = compute_magnitudes(comm, all, means);
  const std::vector<double> squares = compute_squares(comm, all, means);
  const Mean mean = mean_of_all(all.counts, means);
  std::vector<NumberGroup> found(1);
  NumberGroup whole = with_counts(sum_of(all.counts));
  for (std::size_t g = 0; g < all.counts.size(); ++g) {
    NumberGroup& group = found.emplace_back(with_counts(all.counts[g]));
    group.dominance.all = magnitudes[g];
    whole.dominance.all += magnitudes[g];
    if (group.present == 0) continue;
    group.mean = means[g].value();
    group.from_whole = means[g].minus(mean);
    group.squares = squares[g];
    whole.squares += squares[g] + static_cast<double>(group.present) * group.from_whole * group.from_whole;
  }
  if (whole.present > 0) {
    whole.mean = mean.value();
    whole.from_whole = 0.0;
  }
  found.pop_back();  // those of no segment
  found[0] = whole;
  return found;
}

// The place of a quantile of type 7 among sorted values.
struct Place {
  std::int64_t below = 0;
  std::int64_t above = 0;
  double fraction = 0.0;  // from the one to the other

  Place(std::int64_t present, double share) {
    const double position = static_cast<double>(present - 1) * share;
    below = static_cast<std::int64_t>(std::floor(position));
    above = std::min(below + 1, present - 1);
    fraction = position - static_cast<double>(below);
  }
};

// A search for each percentile of the whole and for the ends that close its bins, then two for each quantile of each
// group that has values.
std::vector<OrderSearch> searches_for(const std::vector<NumberGroup>& groups) {
  std::vector<OrderSearch> searches;
  for (int i = 1; i < 100; ++i) searches.push_back({0, Place(groups[0].present, i / 100.0).below, 0.0});
  searches.push_back({0, Place(groups[0].present, low_close).below, 0.0});
  searches.push_back({0, Place(groups[0].present, high_close).above, 0.0});
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (const double share : quantile_shares) {
      if (groups[g].present == 0) break;
      const Place place(groups[g].present, share);
      searches.push_back({static_cast<int>(g), place.below, 0.0});
      searches.push_back({static_cast<int>(g), place.above, 0.0});
    }
  return searches;
}

void set_quantiles(std::span<const OrderSearch> found, std::vector<NumberGroup>& groups) {
  for (NumberGroup& group : groups)
    for (std::size_t q = 0; q < quantile_shares.size(); ++q) {
      if (group.present == 0) break;
      const double low = found[0].value;
      const double high = found[1].value;
      group.quantile[q] = low + (high - low) * Place(group.present, quantile_shares[q]).fraction;
      found = found.subspan(2);
    }
}

// Of each group the sum over bins of the lesser of its share and the whole's.
void set_overlap(const ValueBins& bins, std::vector<NumberGroup>& groups) {
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (groups[g].present == 0) continue;
    double overlap = 0.0;
    for (std::size_t b = 0; b < bins.counts[g].size(); ++b)
      overlap += std::min(static_cast<double>(bins.counts[g][b]) / static_cast<double>(groups[g].present),
                          static_cast<double>(bins.counts[0][b]) / static_cast<double>(groups[0].present));
    groups[g].overlap = g == 0 ? 1.0 : std::min(overlap, 1.0);
  }
}

// Collective. The bins between percentiles that were found.
ValueBins count_bins(const comm::Communicator& comm, const GroupedOrder& order,
                     std::span<const OrderSearch> percentiles, std::size_t groups) {
  ValueBins bins;
  for (const OrderSearch& search : percentiles) bins.ends.push_back(search.value);
  bins.ends.erase(std::unique(bins.ends.begin(), bins.ends.end()), bins.ends.end());
  const std::vector<std::int64_t> counts = order.count_bins(comm, bins.ends);
  const std::size_t width = counts.size() / groups;
  for (std::size_t g = 0; g < groups; ++g) {
    const auto first = counts.begin() + static_cast<std::ptrdiff_t>(g * width);
    bins.counts.emplace_back(first, first + static_cast<std::ptrdiff_t>(width));
  }
  return bins;
}

}  // namespace

double NumberGroup::sd() const { return present > 0 ? std::sqrt(squares / static_cast<double>(present)) : nan; }

GroupedNumbers compute_number_groups(const comm::Communicator& comm, std::span<const double> local_values,
                                     const Grouping& local_groups) {
  constexpr std::size_t percentiles = 99;
  const GroupCounts counts = compute_counts(comm, local_values, local_groups);
  const Counts whole = sum_of(counts);
  const ValueHistogram histogram = compute_histogram(comm, local_values, local_groups,
                                                     {whole.min, whole.max_negative, whole.min_positive, whole.max});
  GroupedNumbers found{compute_moments(comm, {local_values, local_groups, counts, histogram}), {}};
  if (whole.present == 0) return found;
  std::vector<OrderSearch> searches = searches_for(found.groups);
  GroupedOrder order(local_values, local_groups, histogram);
  order.find(comm, searches);
  const std::span<const OrderSearch> all(searches);
  set_quantiles(all.subspan(percentiles + 2), found.groups);
  found.bins = count_bins(comm, order, all.first(percentiles), found.groups.size());
  found.bins.low = all[percentiles].value;
  found.bins.high = all[percentiles + 1].value;
  set_overlap(found.bins, found.groups);
  return found;
}

}  // namespace cardseg::profile
