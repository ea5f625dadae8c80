// The spread of all customers about their mean: what the inertia of any grouping is taken from.
//
//   sum_i |x_i - c_label(i)|^2 = sum_i |x_i - m|^2 - sum_j n_j |c_j - m|^2   for means c_j of segments, m of all
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/segment_sums.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

struct Scatter {
  std::vector<double> mean;  ///< m, by feature
  double total = 0.0;        ///< sum_i |x_i - m|^2
};

/// Collective. Two passes over the matrix, whose grids these are (make_grids); exact sums, so the same on any number of
/// ranks and threads.
template <class T>
Scatter compute_scatter(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                        const SumGrids& grids, std::int64_t customers);

/// Pure. The inertia of the grouping whose means and counts these are; not below 0.
double compute_inertia(const Scatter& scatter, const SegmentSums& sums, const Centroids& centroids);

}  // namespace cardseg::cluster
