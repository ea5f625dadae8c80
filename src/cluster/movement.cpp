#include "cluster/movement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cardseg/cluster/nearest.hpp"

namespace cardseg::cluster {
namespace {

// Above the rounding of a distance in double precision (d up to 4096) and of the sums of many iterations.
constexpr double outward = 1 + 0x1p-36;
constexpr float infinity = std::numeric_limits<float>::infinity();

}  // namespace

float float_above(double x) {
  const auto near = static_cast<float>(x);
  return static_cast<double>(near) >= x ? near : std::nextafter(near, infinity);
}

float float_below(double x) {
  const auto near = static_cast<float>(x);
  return static_cast<double>(near) <= x ? near : std::nextafter(near, -infinity);
}

Movement::Movement(int segments)
    : loss_(static_cast<std::size_t>(segments) + 1),
      path_(loss_.size()),
      loss_above_(loss_.size()),
      path_above_(loss_.size()),
      last_loss_(loss_.size()) {}

void Movement::advance(const Centroids& before, const Centroids& after) {
  std::vector<double> moved;
  for (int j = 0; j < before.segments; ++j)
    moved.push_back(std::sqrt(squared_distance(before.row(j), after.row(j), before.features)) * outward);
  const auto farthest = std::ranges::max_element(moved);
  double second = 0.0;
  for (auto each = moved.begin(); each != moved.end(); ++each)
    if (each != farthest) second = std::max(second, *each);
  const auto add = [this](std::size_t at, double loss, double path) {
    loss_[at] = (loss_[at] + loss) * (1 + 0x1p-50);
    path_[at] = (path_[at] + path) * (1 + 0x1p-50);
    last_loss_[at] = float_above(loss);
    loss_above_[at] = float_above(loss_[at]);
    path_above_[at] = float_above(path_[at]);
  };
  add(0, *farthest + second, *farthest);
  for (std::size_t j = 0; j < moved.size(); ++j) {
    const bool is_farthest = moved.begin() + static_cast<std::ptrdiff_t>(j) == farthest;
    add(j + 1, moved[j] + (is_farthest ? second : *farthest), moved[j]);
  }
}

}  // namespace cardseg::cluster
