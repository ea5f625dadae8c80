#include "profile/grouped_order.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/thread_failure.hpp"

namespace cardseg::profile {
namespace {

constexpr std::int64_t block_rows = 16384;
constexpr int digit_bits = 8;
constexpr std::size_t children = std::size_t{1} << digit_bits;
constexpr double infinity = std::numeric_limits<double>::infinity();

// Values by group and bin.
struct Bins {
  std::vector<std::int64_t> values;

  void add(const Bins& other) { std::ranges::transform(values, other.values, values.begin(), std::plus()); }
};

std::size_t bin_of(const std::vector<double>& ends, double x) {
  const auto at = std::ranges::lower_bound(ends, x);
  return 2 * static_cast<std::size_t>(at - ends.begin()) + (at != ends.end() && *at == x ? 1 : 0);
}

}  // namespace

// Of the children of the nodes that are divided now.
struct GroupedOrder::Counts {
  std::vector<std::int64_t> values;  // [slot][child]
  std::vector<double> low;           // [node][child], the least value; infinity where there is none
  std::vector<double> minus_high;

  void resize(std::size_t slots, std::size_t nodes) {
    values.resize(slots * children);
    low.resize(nodes * children, infinity);
    minus_high.resize(nodes * children, infinity);
  }
  void add(const Counts& other) {
    std::ranges::transform(values, other.values, values.begin(), std::plus());
    std::ranges::transform(low, other.low, low.begin(), [](double a, double b) { return std::min(a, b); });
    std::ranges::transform(minus_high, other.minus_high, minus_high.begin(),
                           [](double a, double b) { return std::min(a, b); });
  }
  void reduce(const comm::Communicator& comm) {
    comm.allreduce_sum(std::span(values));
    comm.allreduce_min(std::span(low));
    comm.allreduce_min(std::span(minus_high));
  }
};

GroupedOrder::GroupedOrder(std::span<const double> local_values, const portfolio::Grouping& local_groups,
                           const ValueHistogram& histogram)
    : values_(local_values),
      groups_(local_groups),
      histogram_(histogram),
      root_(static_cast<std::size_t>(histogram.buckets.size()), -1) {}

std::int32_t GroupedOrder::add_node(std::uint64_t low, int width_bits) {
  nodes_.push_back({low, std::max(0, width_bits - digit_bits), false, {}, {}});
  return static_cast<std::int32_t>(nodes_.size() - 1);
}

// The node that a value of a searched bucket is in, the last that is not divided; -1 where nothing is searched.
std::int32_t GroupedOrder::node_of(std::uint64_t key) const {
  std::int32_t node = root_[static_cast<std::size_t>(histogram_.buckets.of(key))];
  while (node >= 0 && nodes_[static_cast<std::size_t>(node)].is_divided) {
    const Node& at = nodes_[static_cast<std::size_t>(node)];
    node = at.child[(key - at.low) >> at.shift];
  }
  return node;
}

// What use(tally, key, group) adds to `zero` for the local values in searched buckets; threads share them.
template <class Tally, class Use>
Tally GroupedOrder::tally_searched(const Tally& zero, Use use) const {
  const std::int64_t count = is_collected_ ? std::ssize(keys_) : std::ssize(values_);
  Tally all = zero;
  core::ThreadFailure failure;
#pragma omp parallel
  {
    Tally mine;
    const bool is_ready = failure.guard([&] { mine = zero; });
#pragma omp for schedule(dynamic) nowait
    for (std::int64_t begin = 0; begin < count; begin += block_rows) {
      if (!is_ready) continue;
      const auto end = static_cast<std::size_t>(std::min(begin + block_rows, count));
      for (auto i = static_cast<std::size_t>(begin); i < end; ++i) {
        if (is_collected_) {
          use(mine, keys_[i], key_group_[i]);
        } else if (!std::isnan(values_[i])) {
          const std::uint64_t key = core::ordered_bits(values_[i]);
          if (root_[static_cast<std::size_t>(histogram_.buckets.of(key))] >= 0) use(mine, key, groups_.group[i]);
        }
      }
    }
#pragma omp critical(cardseg_grouped_order)
    if (is_ready) all.add(mine);
  }
  failure.rethrow();
  return all;
}

// Settles searches in buckets of one value; the others go on in nodes.
std::vector<GroupedOrder::Open> GroupedOrder::begin(std::vector<OrderSearch>& searches) {
  std::vector<Open> open;
  const std::int64_t buckets = histogram_.buckets.size();
  std::vector<std::int64_t> below(static_cast<std::size_t>(buckets));
  int summed = -1;  // whose counts `below` adds up
  for (OrderSearch& search : searches) {
    const std::int64_t* counts = search.group == 0 ? histogram_.whole.data() : histogram_.of(search.group - 1);
    if (search.group != summed) std::partial_sum(counts, counts + buckets, below.begin());
    summed = search.group;
    const auto at = static_cast<std::size_t>(std::ranges::upper_bound(below, search.rank) - below.begin());
    const auto bucket = static_cast<std::int64_t>(at);
    if (histogram_.has_one_value(bucket)) {
      search.value = histogram_.low[at];
      continue;
    }
    const std::uint64_t low = histogram_.buckets.low(bucket);
    if (root_[at] < 0) root_[at] = add_node(low, std::bit_width(histogram_.buckets.high(bucket) - low));
    open.push_back({&search, root_[at], search.rank - (below[at] - counts[at])});
  }
  return open;
}

// Copies the values in searched buckets, unless they are many.
void GroupedOrder::collect() {
  std::int64_t searched = 0;
  for (std::size_t b = 0; b < root_.size(); ++b) searched += root_[b] >= 0 ? histogram_.local[b] : 0;
  constexpr std::int64_t few = 65536;
  if (searched > std::max(few, std::ssize(values_) / 8)) return;
  keys_.reserve(static_cast<std::size_t>(searched));
  key_group_.reserve(static_cast<std::size_t>(searched));
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::vector<std::uint64_t> keys;
    std::vector<std::int32_t> group;
#pragma omp for schedule(dynamic) nowait
    for (std::int64_t begin = 0; begin < std::ssize(values_); begin += block_rows)
      failure.guard([&] {
        const auto end = static_cast<std::size_t>(std::min(begin + block_rows, std::ssize(values_)));
        for (auto i = static_cast<std::size_t>(begin); i < end; ++i) {
          if (std::isnan(values_[i])) continue;
          const std::uint64_t key = core::ordered_bits(values_[i]);
          if (root_[static_cast<std::size_t>(histogram_.buckets.of(key))] < 0) continue;
          keys.push_back(key);
          group.push_back(groups_.group[i]);
        }
      });
#pragma omp critical(cardseg_grouped_order)
    failure.guard([&] {
      keys_.insert(keys_.end(), keys.begin(), keys.end());
      key_group_.insert(key_group_.end(), group.begin(), group.end());
    });
  }
  failure.rethrow();
  is_collected_ = true;
}

// Of a search, among the slots of a node: those of the Grouping's groups, then that of all.
std::size_t GroupedOrder::slot_place(const OrderSearch& search) const {
  return static_cast<std::size_t>(search.group == 0 ? groups_.groups : search.group - 1);
}

// Gives each group that is searched in a node a row of counters; how many there are.
int GroupedOrder::number_slots(const std::vector<Open>& open) {
  int slots = 0;
  for (const Open& each : open) {
    Node& node = nodes_[static_cast<std::size_t>(each.node)];
    if (node.group_slot.empty()) node.group_slot.assign(static_cast<std::size_t>(groups_.groups) + 1, -1);
    std::int32_t& slot = node.group_slot[slot_place(*each.search)];
    if (slot < 0) slot = slots++;
  }
  return slots;
}

GroupedOrder::Counts GroupedOrder::count_local(int slots, std::size_t first_node) const {
  Counts zero;
  zero.resize(static_cast<std::size_t>(slots), nodes_.size() - first_node);
  return tally_searched(zero, [&](Counts& counts, std::uint64_t key, std::int32_t group) {
    const std::int32_t at = node_of(key);
    if (at < 0) return;
    const Node& node = nodes_[static_cast<std::size_t>(at)];
    const std::size_t child = (key - node.low) >> node.shift;
    const std::size_t cell = (static_cast<std::size_t>(at) - first_node) * children + child;
    const double value = core::from_ordered_bits(key);
    counts.low[cell] = std::min(counts.low[cell], value);
    counts.minus_high[cell] = std::min(counts.minus_high[cell], -value);
    const std::int32_t own = node.group_slot[static_cast<std::size_t>(group)];
    const std::int32_t all = node.group_slot.back();
    if (own >= 0) ++counts.values[static_cast<std::size_t>(own) * children + child];
    if (all >= 0) ++counts.values[static_cast<std::size_t>(all) * children + child];
  });
}

// Follows each search to the child that its rank falls into; settles those where a child holds one value.
std::vector<GroupedOrder::Open> GroupedOrder::descend(const std::vector<Open>& open, const Counts& counts,
                                                      std::size_t first_node) {
  const std::size_t next_node = nodes_.size();
  for (std::size_t n = first_node; n < next_node; ++n) {
    nodes_[n].is_divided = true;
    nodes_[n].child.assign(children, -1);
  }
  std::vector<Open> deeper;
  for (Open each : open) {
    const auto at = static_cast<std::size_t>(each.node);
    const std::int32_t slot = nodes_[at].group_slot[slot_place(*each.search)];
    const std::int64_t* of_child = counts.values.data() + static_cast<std::size_t>(slot) * children;
    std::size_t child = 0;
    while (each.rank >= of_child[child]) each.rank -= of_child[child++];
    const std::size_t cell = (at - first_node) * children + child;
    const double low = counts.low[cell];
    const double high = -counts.minus_high[cell];
    if (low == high) {
      each.search->value = low + 0.0;
      continue;
    }
    if (nodes_[at].child[child] < 0) {
      const std::uint64_t low_key = core::ordered_bits(low);
      const std::int32_t made = add_node(low_key, std::bit_width(core::ordered_bits(high) - low_key));
      nodes_[at].child[child] = made;
    }
    each.node = nodes_[at].child[child];
    deeper.push_back(each);
  }
  return deeper;
}

void GroupedOrder::find(const comm::Communicator& comm, std::vector<OrderSearch>& searches) {
  std::vector<Open> open = comm::agree(comm, [&] {
    std::vector<Open> begun = begin(searches);
    if (!begun.empty()) collect();
    return begun;
  });
  std::size_t first_node = 0;
  while (!open.empty()) {
    const std::size_t next_node = nodes_.size();
    const int slots = number_slots(open);
    Counts counts = comm::agree(comm, [&] { return count_local(slots, first_node); });
    counts.reduce(comm);
    open = descend(open, counts, first_node);
    first_node = next_node;
  }
}

std::vector<std::int64_t> GroupedOrder::count_bins(const comm::Communicator& comm,
                                                   const std::vector<double>& ends) const {
  const std::size_t bins = 2 * ends.size() + 1;
  const auto groups = static_cast<std::size_t>(groups_.groups);
  // Buckets in which bins meet are counted by their values, the others as they are.
  std::vector<bool> is_shared(static_cast<std::size_t>(histogram_.buckets.size()));
  for (const double end : ends) {
    const std::int64_t bucket = histogram_.buckets.of(core::ordered_bits(end));
    if (!histogram_.has_one_value(bucket)) is_shared[static_cast<std::size_t>(bucket)] = true;
  }
  std::vector<std::int64_t> counts = comm::agree(comm, [&] {
    Bins zero{std::vector<std::int64_t>(groups * bins)};
    return tally_searched(
               zero,
               [&](Bins& tally, std::uint64_t key, std::int32_t group) {
                 if (!is_shared[static_cast<std::size_t>(histogram_.buckets.of(key))]) return;
                 ++tally.values[static_cast<std::size_t>(group) * bins + bin_of(ends, core::from_ordered_bits(key))];
               })
        .values;
  });
  comm.allreduce_sum(std::span(counts));
  for (std::int64_t b = 0; b < histogram_.buckets.size(); ++b) {
    const auto at = static_cast<std::size_t>(b);
    if (is_shared[at] || histogram_.whole[at] == 0) continue;
    const double value =
        histogram_.has_one_value(b) ? histogram_.low[at] : core::from_ordered_bits(histogram_.buckets.low(b));
    const std::size_t bin = bin_of(ends, value);
    for (std::size_t g = 0; g < groups; ++g) counts[g * bins + bin] += histogram_.of(static_cast<int>(g))[b];
  }
  std::vector<std::int64_t> found(bins);  // of all; then of the Grouping's groups but the last
  for (std::size_t i = 0; i < counts.size(); ++i) found[i % bins] += counts[i];
  found.insert(found.end(), counts.begin(), counts.end() - static_cast<std::ptrdiff_t>(bins));
  return found;
}

}  // namespace cardseg::profile
