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

#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/covariance.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"
#include "cardseg/profile/profile.hpp"

namespace cardseg::profile {

struct PrincipalAxis {
  /// Of length 1, by feature, rounded to a grid that no build's last bits reach. Of the components that are largest in
  /// size the first is positive.
  std::vector<double> direction;
  double share = 0.0;  ///< of the total variance
  double sd = 0.0;     ///< of customers along it
};

/// A place on both axes.
struct MapPoint {
  double x = 0.0;
  double y = 0.0;
};

struct PrincipalAxes {
  std::array<PrincipalAxis, 2> axes;
  std::vector<double> mean;
  std::int64_t customers = 0;  ///< that they were made of
  bool is_of_sample = false;   ///< not all of them

  /// Where features stand on the axes.
  MapPoint at(const std::vector<double>& features) const;
};

/// Pure. None where features vary in fewer than two directions.
std::optional<PrincipalAxes> principal_axes(const portfolio::Covariance& covariance);

struct PrincipalMap {
  /// Bins along each axis; the mean of all customers is where the four in the middle meet.
  static constexpr int bins_along = 96;

  PrincipalAxes axes;
  double side = 0.0;                    ///< of a bin, the same on both axes
  std::vector<std::int64_t> customers;  ///< [row][column] of bins, the lowest y first
  std::vector<int> segment;  ///< likewise: with most customers in the bin, from 0, the first of equals; -1: none
  Count outside;             ///< customers beyond the bins

  std::size_t bin(int column, int row) const { return static_cast<std::size_t>(row * bins_along + column); }
};

/// Of more segments than this no bins are counted apart: `segment` is -1 everywhere.
inline constexpr int most_mapped_segments = 64;

/// Collective. One pass over the matrix. `local_segment`: of this rank's rows, from 0 to `segments` - 1. Bins are the
/// smaller, the more customers there are. 74 KB a segment and thread.
template <class T>
PrincipalMap map_customers(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                           PrincipalAxes axes, int segments, const std::vector<std::int32_t>& local_segment);

/// Pure; serial. The map that may leave the program: bins of fewer than `least` customers are empty, and as many of the
/// next larger ones as it takes that all customers less those that are told are none, or `least` or more: nobody can
/// tell a bin of few customers from one of nobody. Who is outside counts as a bin.
PrincipalMap disclosed(PrincipalMap exact, std::int64_t least);

}  // namespace cardseg::profile
