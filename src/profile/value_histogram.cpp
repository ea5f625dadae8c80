#include "profile/value_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/thread_failure.hpp"

namespace cardseg::profile {
namespace {

using portfolio::Grouping;

constexpr std::int64_t block_rows = 16384;
constexpr double infinity = std::numeric_limits<double>::infinity();

// The counters of all groups stay in a cache of the second level.
std::int64_t most_buckets(int groups) {
  constexpr std::uint64_t most_counters = std::uint64_t{1} << 17;
  const std::uint64_t fitting = std::bit_floor(most_counters / static_cast<std::uint64_t>(groups));
  return static_cast<std::int64_t>(std::clamp<std::uint64_t>(fitting, 1024, 8192));
}

// What a thread, or a rank, has seen in a bucket.
struct Seen {
  std::uint64_t key = 0;  // the first; 0, the key of a NaN, where there was none
  bool are_several = false;

  void add(std::uint64_t other) {
    if (key == 0) key = other;
    are_several = are_several || key != other;
  }
};

struct Local {
  std::vector<std::int64_t> counts;
  std::vector<Seen> seen;
};

// Up to 2^32 - 1 values: so far a thread's counters go.
void add_part(std::span<const double> values, std::span<const std::int32_t> group, const ValueBuckets& buckets,
              Local& all) {
  const std::int64_t rows = std::ssize(values);
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::vector<std::uint32_t> counts;
    std::vector<Seen> seen;
    const bool is_ready = failure.guard([&] {
      counts.resize(all.counts.size());
      seen.resize(all.seen.size());
    });
#pragma omp for schedule(dynamic) nowait
    for (std::int64_t begin = 0; begin < rows; begin += block_rows) {
      if (!is_ready) continue;
      const auto end = static_cast<std::size_t>(std::min(begin + block_rows, rows));
      for (auto i = static_cast<std::size_t>(begin); i < end; ++i) {
        if (std::isnan(values[i])) continue;
        const std::uint64_t key = core::ordered_bits(values[i]);
        const std::int64_t bucket = buckets.of(key);
        ++counts[static_cast<std::size_t>(group[i] * buckets.size() + bucket)];
        seen[static_cast<std::size_t>(bucket)].add(key);
      }
    }
#pragma omp critical(cardseg_value_histogram)
    if (is_ready) {
      for (std::size_t i = 0; i < counts.size(); ++i) all.counts[i] += counts[i];
      for (std::size_t b = 0; b < seen.size(); ++b) {
        if (seen[b].key == 0) continue;
        all.seen[b].add(seen[b].key);
        all.seen[b].are_several = all.seen[b].are_several || seen[b].are_several;
      }
    }
  }
  failure.rethrow();
}

Local compute_local(std::span<const double> values, const Grouping& groups, const ValueBuckets& buckets) {
  constexpr std::size_t most = (std::size_t{1} << 32) - 1;
  Local local;
  local.counts.resize(static_cast<std::size_t>(groups.groups * buckets.size()));
  local.seen.resize(static_cast<std::size_t>(buckets.size()));
  for (std::size_t begin = 0; begin < values.size(); begin += most) {
    const std::size_t count = std::min(most, values.size() - begin);
    add_part(values.subspan(begin, count), groups.group.subspan(begin, count), buckets, local);
  }
  return local;
}

// [bucket], of all groups.
std::vector<std::int64_t> sum_of_groups(const std::vector<std::int64_t>& counts, std::int64_t buckets) {
  std::vector<std::int64_t> sums(static_cast<std::size_t>(buckets));
  for (std::size_t i = 0; i < counts.size(); ++i) sums[i % sums.size()] += counts[i];
  return sums;
}

}  // namespace

bool ValueHistogram::is_whole_truth() const {
  for (std::int64_t b = 0; b < buckets.size(); ++b)
    if (!has_one_value(b)) return false;
  return true;
}

ValueHistogram compute_histogram(const comm::Communicator& comm, std::span<const double> local_values,
                                 const Grouping& local_groups, const ValueEnds& ends) {
  ValueHistogram made{ValueBuckets(ends, most_buckets(local_groups.groups)), local_groups.groups, {}, {}, {}, {}, {}};
  Local local = comm::agree(comm, [&] { return compute_local(local_values, local_groups, made.buckets); });
  made.local = sum_of_groups(local.counts, made.buckets.size());
  made.counts = std::move(local.counts);
  comm.allreduce_sum(std::span(made.counts));
  made.whole = sum_of_groups(made.counts, made.buckets.size());
  std::vector<double> ends_of_buckets;  // the low ones, then the high ones negated
  for (const Seen& seen : local.seen)
    ends_of_buckets.push_back(seen.key == 0      ? infinity
                              : seen.are_several ? -infinity
                                                 : core::from_ordered_bits(seen.key));
  for (const Seen& seen : local.seen)
    ends_of_buckets.push_back(seen.key == 0      ? infinity
                              : seen.are_several ? -infinity
                                                 : -core::from_ordered_bits(seen.key));
  comm.allreduce_min(std::span(ends_of_buckets));
  const auto middle = ends_of_buckets.begin() + made.buckets.size();
  made.low.assign(ends_of_buckets.begin(), middle);
  for (auto next = middle; next != ends_of_buckets.end(); ++next) made.high.push_back(-*next + 0.0);
  return made;
}

}  // namespace cardseg::profile
