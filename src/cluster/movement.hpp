// How far centroids have moved since a customer was last compared with them: what its bounds have lost.
//
// When centroids move by m_j, a customer's distance to its own centroid a grows by at most m_a, and its distance to
// centroid j falls by at most m_j. So the gap between the two falls by at most m_a + m_j (Elkan 2003), and for a group
// g of centroids by at most m_a + max_{j in g} m_j (Ding et al. 2015, Yinyang; with one group Hamerly 2010). Paths add
// up m over iterations; a gap is kept together with the paths at the time it was measured, and is safe while that
// exceeds the paths now: nothing is written for customers that are skipped. Everything is rounded so that a bound is
// never better than it may be.
#pragma once

#include <vector>

#include "cardseg/cluster/centroids.hpp"

namespace cardseg::cluster {

class Movement {
 public:
  /// `groups`: at most as many groups of centroids, of consecutive numbers and equal size.
  Movement(int segments, int groups);

  int groups() const { return static_cast<int>(group_path_above_.size()); }
  int group_of(int segment) const { return group_of_[static_cast<std::size_t>(segment)]; }
  int group_size() const { return group_size_; }

  /// The centroids moved. Cost: k d.
  void advance(const Centroids& before, const Centroids& after);

  /// The path of centroid a so far; where a is -1, the longest way that any could have gone.
  float path(int a) const { return path_above_[static_cast<std::size_t>(a + 1)]; }
  /// [a + 1]
  const std::vector<float>& paths() const { return path_above_; }
  /// [group]
  const std::vector<float>& group_paths() const { return group_path_above_; }
  /// What the distance to the second nearest minus the distance to the nearest centroid, a, lost in the last iteration;
  /// a = -1: of any a.
  float last_loss(int a) const { return last_loss_[static_cast<std::size_t>(a + 1)]; }

 private:
  int group_size_;
  std::vector<int> group_of_;  ///< [segment]
  std::vector<double> path_;   ///< [0]: any
  std::vector<double> group_path_;
  std::vector<float> path_above_;
  std::vector<float> group_path_above_;
  std::vector<float> last_loss_;
};

}  // namespace cardseg::cluster
