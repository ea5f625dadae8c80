// Order statistics of many groups at once, by radix selection from a histogram down; and bins between them.
//
// A search is for the value of a rank in a group, or in the whole. Buckets that hold several values are divided by the
// next 8 bits of their keys, and so on: one allreduce a level for all searches together, three levels as a rule and no
// more than seven. What is counted again are the values in the buckets that are searched, a few percent of all.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "profile/value_histogram.hpp"

namespace cardseg::profile {

/// A search for an order statistic, and what it found.
struct OrderSearch {
  int group = 0;          ///< of a profile: 0 is all, 1 the first of the Grouping
  std::int64_t rank = 0;  ///< from 0, among the group's present values
  double value = 0.0;     ///< found
};

class GroupedOrder {
 public:
  /// Local. All of these outlive it.
  GroupedOrder(std::span<const double> local_values, const portfolio::Grouping& local_groups,
               const ValueHistogram& histogram);

  /// Collective. Finds the value of every search. Memory: 16 bytes for each local value in the buckets that are
  /// searched, or, where these are more than an eighth, another look at all values in every level.
  void find(const comm::Communicator& comm, std::vector<OrderSearch>& searches);

  /// Collective. The present values by group of a profile and bin, [group][bin]: bin 2 i + 1 is the i-th of `ends`,
  /// which rise, bin 2 i what lies below it and above the one before. Precondition: each end was found by a search of
  /// the whole before.
  std::vector<std::int64_t> count_bins(const comm::Communicator& comm, const std::vector<double>& ends) const;

 private:
  // Values that share leading bits and are told apart by the next ones: one bucket at first.
  struct Node {
    std::uint64_t low = 0;  // the least key
    int shift = 0;          // (key - low) >> shift is the place of a child, below 256
    bool is_divided = false;
    std::vector<std::int32_t> child;       // once it is divided: -1 where nothing is searched
    std::vector<std::int32_t> group_slot;  // of each group and, at the end, of all: -1 where nothing is searched
  };
  struct Open {
    OrderSearch* search;
    std::int32_t node;
    std::int64_t rank;  // among the values of the node
  };
  struct Counts;

  std::int32_t node_of(std::uint64_t key) const;
  std::int32_t add_node(std::uint64_t low, int width_bits);
  template <class Tally, class Use>
  Tally tally_searched(const Tally& zero, Use use) const;
  std::vector<Open> begin(std::vector<OrderSearch>& searches);
  void collect();
  std::size_t slot_place(const OrderSearch& search) const;
  int number_slots(const std::vector<Open>& open);
  Counts count_local(int slots, std::size_t first_node) const;
  std::vector<Open> descend(const std::vector<Open>& open, const Counts& counts, std::size_t first_node);

  std::span<const double> values_;
  const portfolio::Grouping& groups_;
  const ValueHistogram& histogram_;
  std::vector<std::int32_t> root_;  // [bucket]: its node, or -1 where nothing is searched
  std::vector<Node> nodes_;
  bool is_collected_ = false;
  std::vector<std::uint64_t> keys_;  // of the values in these buckets
  std::vector<std::int32_t> key_group_;
};

}  // namespace cardseg::profile
