// What one resample is made of: its customers, its fit, and how like its segments are to others.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/core/philox.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::quality {

/// Local. The customers of these local rows, in their order.
template <class T>
portfolio::FeatureMatrix<T> rows_of(const portfolio::FeatureMatrix<T>& matrix, const std::vector<std::int64_t>& rows);

/// Local. Every customer a Poisson number of times, keyed by its row, with mean size / rows; the first where none is
/// drawn. Precondition: no more than one time on average.
template <class T>
portfolio::FeatureMatrix<T> resample(const portfolio::FeatureMatrix<T>& from, std::int64_t size,
                                     const core::RowRandom& random);

struct SmallFit {
  cluster::Centroids centroids;
  double inertia = 0.0;
};

/// Local. Greedy seeds, three restarts and moves, as good as the fit of a portfolio, to whose end nobody waits. As many
/// segments as there are distinct customers, where these are fewer.
template <class T>
SmallFit fit_small(portfolio::FeatureMatrix<T>& customers, int segments, std::uint64_t seed);

/// Local. The segment of each customer, by the definition.
template <class T>
std::vector<std::int32_t> labels_of(const portfolio::FeatureMatrix<T>& customers, const cluster::Centroids& centroids);

/// Pure. Writes for each segment how many of these customers are both in it and in the other segmentation's segment
/// that it is most like, by Jaccard's coefficient, and how many in either. `numbers`: two for each segment.
void write_jaccards(const std::vector<std::int32_t>& own, int segments, const std::vector<std::int32_t>& others,
                    int other_segments, std::span<std::int64_t> numbers);

}  // namespace cardseg::quality
