// Segments with fewer customers than a user wants to act on: merged, one after the other, into the neighbour that costs
// least.
//
//   cost(a, b) = M_a M_b / (M_a + M_b) |c_a - c_b|^2       M masses, c means (Ward 1963): what the inertia rises by
//
// Behind each merge the fit iterates again from the means that are left, to its own stop, because customers of the
// segments around may now be nearer to another one; so the result is what k-means is, of fewer segments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/cluster/fit.hpp"
#include "cardseg/core/option.hpp"

namespace cardseg::cluster {

/// How large segments have to be.
struct SizeOptions {
  /// "2%" of the customers, or "5000" of them; empty: any size.
  std::string min_segment = {};
};

core::OptionTable describe(SizeOptions& options);
/// Throws core::Error(usage) where min_segment is neither a share below 1 nor a number of customers.
void validate(const SizeOptions& options);

/// Pure. The fewest customers that a segment may have among so many; 0: any. Throws core::Error(usage) where that is
/// more than there are.
std::int64_t least_customers(const SizeOptions& options, std::int64_t customers);

/// A segment that was too small.
struct MergedSegment {
  std::int64_t customers = 0;  ///< people in it
  std::int64_t into = 0;       ///< people in the segment that took them
  double cost = 0.0;           ///< what the inertia rose by, before the iterations that followed

  bool operator==(const MergedSegment&) const = default;
};

/// Pure. The smallest segment (ties: the higher number) becomes part of the neighbour that costs least (ties: the lower
/// number); both have their common mean then, and the segments behind move up. `means`: of at least two segments, which
/// have `customers`. A segment without customers is dropped.
MergedSegment merge_smallest(Centroids& means, const std::vector<std::int64_t>& customers);

/// Collective. score_by_size() of a fit's result. While a segment has fewer than `least` customers, the smallest is
/// merged and the fit iterates again; `fitted` gets the centroids, iterations and stop of what came out, `merged` one
/// entry a merge. Throws what fit() throws.
template <class T>
FinalScores score_large_enough(const comm::Communicator& comm, portfolio::FeatureMatrix<T>& matrix, FitOptions options,
                               std::int64_t least, FitResult& fitted, std::vector<MergedSegment>& merged,
                               core::Events& events);

}  // namespace cardseg::cluster
