// Customers on a plane: the two directions in which they differ most, and how many lie where.
//
//   z = u . (x - m)      x the features of a customer, m their means, u an eigenvector of their covariance matrix
//
// Jolliffe, "Principal Component Analysis" (2002). Customers are counted into square bins: integers, the same on any
// number of ranks and threads. Per customer: 4 d flops.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/covariance.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::profile {

struct PrincipalAxis {
  /// Of length 1, by feature, rounded to a grid that no build's last bits reach. Of the components that are largest in
  /// size the first is positive.
  std::vector<double> direction;
  double share = 0.0;  ///< of the total variance
  double sd = 0.0;     ///< of customers along it
};

struct PrincipalAxes {
  std::array<PrincipalAxis, 2> axes;
  std::vector<double> mean;
  std::int64_t customers = 0;  ///< that they were made of
  bool is_of_sample = false;   ///< not all of them
};

/// Pure. None where features vary in fewer than two directions.
std::optional<PrincipalAxes> principal_axes(const portfolio::Covariance& covariance);

/// A place on both axes.
struct MapPoint {
  double x = 0.0;
  double y = 0.0;
};

struct PrincipalMap {
  /// Bins along each axis; the mean of all customers is where the four in the middle meet.
  static constexpr int bins_along = 96;

  PrincipalAxes axes;
  double side = 0.0;                    ///< of a bin, the same on both axes
  std::vector<std::int64_t> customers;  ///< [row][column] of bins, the lowest y first
  std::vector<int> segment;         ///< likewise: with most customers in the bin, from 0, the first of equals; -1: none
  std::int64_t outside = 0;         ///< customers beyond the bins
  std::vector<MapPoint> centroids;  ///< by segment

  std::size_t bin(int column, int row) const { return static_cast<std::size_t>(row * bins_along + column); }
};

/// Of more segments than this no bins are counted apart: `segment` is -1 everywhere.
inline constexpr int most_mapped_segments = 64;

/// Collective. One pass over the matrix. `local_segment`: of this rank's rows, from 0. Bins are the smaller, the more
/// customers there are. 74 KB a segment and thread.
template <class T>
PrincipalMap map_customers(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                           PrincipalAxes axes, const cluster::Centroids& centroids,
                           const std::vector<std::int32_t>& local_segment);

}  // namespace cardseg::profile
