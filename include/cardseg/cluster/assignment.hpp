// Which segment each customer is in, and what that makes of the segments: scores, totals and numbers by size, for fits,
// studies and new customers alike.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <numeric>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

/// The answers for some local rows; segments count from 0. 20 bytes a customer.
struct Scores {
  std::vector<std::int32_t> segment;
  std::vector<std::int32_t> second;      ///< the next nearest; -1 where there is one segment
  std::vector<double> squared_distance;  ///< to the segment's centroid, in feature space
  std::vector<float> margin;             ///< 1 - distance / second distance, 0 (on the border) to 1 (at the centroid)

  std::int64_t rows() const { return static_cast<std::int64_t>(segment.size()); }
};

/// Local. Appends the scores of all rows of a matrix, by the definition in double precision (nearest.hpp).
template <class T>
void append_scores(const portfolio::FeatureMatrix<T>& matrix, const Centroids& centroids, Scores& scores);

/// What all customers make of the segments, exact. A customer's mass is 1 where no column says otherwise.
struct SegmentTotals {
  std::vector<std::int64_t> customers;  ///< people, by segment
  std::vector<double> mass;             ///< sum of their weights, by segment
  std::vector<double> inertia;          ///< sum of weight times squared distance, by segment
  double total_inertia = 0.0;

  std::int64_t all_customers() const { return std::accumulate(customers.begin(), customers.end(), std::int64_t{0}); }
  double total_mass() const { return std::accumulate(mass.begin(), mass.end(), 0.0); }
};

/// Collective.
SegmentTotals total_segments(const comm::Communicator& comm, const Scores& local_scores, int segments);

/// Renumbers several sets of centroids so that the segment with most customers comes first; equal sizes keep their
/// order. `count(open)` is asked for the sets with these indices and gives the customers of each segment, for each of
/// them. Exact ties may move customers when numbers change: after four rounds the order stands as it is.
template <class Count>
void number_by_size(std::vector<Centroids>& sets, Count count) {
  constexpr int most_rounds = 4;
  std::vector<std::size_t> open(sets.size());
  std::iota(open.begin(), open.end(), std::size_t{0});
  for (int round = 1; !open.empty(); ++round) {
    const std::vector<std::vector<std::int64_t>> customers = count(open);
    std::vector<std::size_t> unsorted;
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (round == most_rounds || std::ranges::is_sorted(customers[i], std::greater<>())) continue;
      sets[open[i]] = sorted_by_size(sets[open[i]], customers[i]);
      unsorted.push_back(open[i]);
    }
    open = std::move(unsorted);
  }
}

/// The final answer of a fit: centroids with the largest segment first, and the scores and totals they give.
struct FinalScores {
  Centroids centroids;
  Scores local_scores;
  SegmentTotals totals;
};

/// Collective. Scores this rank's customers and numbers the segments by the sizes that come out. Where a fit stopped
/// before its fixed point these are not the sizes of its last pass.
template <class T>
FinalScores score_by_size(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                          Centroids centroids);

}  // namespace cardseg::cluster
