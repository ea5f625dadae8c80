// How far centroids have moved since a customer was last compared with them: what its bounds have lost.
//
// For a customer of segment a with distance r to its centroid and second to the next one, after centroids moved by m_j:
//   r grows by at most m_a, the distance to any other centroid falls by at most max_{j != a} m_j.
// So slack = second - r falls by at most loss_a = m_a + max_{j != a} m_j (Hamerly 2010). The losses of all iterations are added
// up once for each segment; a customer keeps slack + total loss at the time it was measured, and is safe while that exceeds
// the total now: nothing is written for customers that are skipped. Sums are rounded so that a bound is never better than it may be.
#pragma once

#include <vector>

#include "cardseg/cluster/centroids.hpp"

namespace cardseg::cluster {

/// Rounded outward.
float float_above(double x);
float float_below(double x);

class Movement {
 public:
  explicit Movement(int segments);

  /// The centroids moved. Cost: k d.
  void advance(const Centroids& before, const Centroids& after);

  /// Total loss of slack of segment a; of `any` segment where a is -1. Rounded up.
  float loss(int a) const { return loss_above_[static_cast<std::size_t>(a + 1)]; }
  /// Total path of centroid a, or the longest way of any. Rounded up.
  float path(int a) const { return path_above_[static_cast<std::size_t>(a + 1)]; }
  /// The loss of the last iteration alone.
  float last_loss(int a) const { return last_loss_[static_cast<std::size_t>(a + 1)]; }

 private:
  // [0]: of any segment
  std::vector<double> loss_;
  std::vector<double> path_;
  std::vector<float> loss_above_;
  std::vector<float> path_above_;
  std::vector<float> last_loss_;
};

}  // namespace cardseg::cluster
