#include "cluster/movement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cardseg/cluster/nearest.hpp"

namespace cardseg::cluster {
namespace {

// Above the rounding of a distance in double precision (d up to 4096) and of the sums of many iterations.
constexpr double outward = 1 + 0x1p-36;

float float_above(double x) {
  const auto near = static_cast<float>(x);
  return static_cast<double>(near) >= x ? near : std::nextafter(near, std::numeric_limits<float>::infinity());
}

void add(double moved, double& path, float& path_above) {
  path = (path + moved) * (1 + 0x1p-50);
  path_above = float_above(path);
}

}  // namespace

Movement::Movement(int segments, int groups)
    : group_size_((segments + groups - 1) / groups),
      group_of_(static_cast<std::size_t>(segments)),
      path_(static_cast<std::size_t>(segments) + 1),
      group_path_(static_cast<std::size_t>((segments + group_size_ - 1) / group_size_)),
      path_above_(path_.size()),
      group_path_above_(group_path_.size()),
      last_loss_(path_.size()) {
  for (int j = 0; j < segments; ++j) group_of_[static_cast<std::size_t>(j)] = j / group_size_;
}

void Movement::advance(const Centroids& before, const Centroids& after) {
  std::vector<double> moved;
  for (int j = 0; j < before.segments; ++j)
    moved.push_back(std::sqrt(squared_distance(before.row(j), after.row(j), before.features)) * outward);
  const auto farthest = std::ranges::max_element(moved);
  double second = 0.0;
  for (auto each = moved.begin(); each != moved.end(); ++each)
    if (each != farthest) second = std::max(second, *each);
  add(*farthest, path_[0], path_above_[0]);
  last_loss_[0] = float_above(*farthest + second);
  std::vector<double> group_moved(group_path_.size());
  for (std::size_t j = 0; j < moved.size(); ++j) {
    add(moved[j], path_[j + 1], path_above_[j + 1]);
    const bool is_farthest = moved.begin() + static_cast<std::ptrdiff_t>(j) == farthest;
    last_loss_[j + 1] = float_above(moved[j] + (is_farthest ? second : *farthest));
    double& group = group_moved[static_cast<std::size_t>(group_of(static_cast<int>(j)))];
    group = std::max(group, moved[j]);
  }
  for (std::size_t g = 0; g < group_moved.size(); ++g) add(group_moved[g], group_path_[g], group_path_above_[g]);
}

}  // namespace cardseg::cluster
