#include "profile/principal_direction.hpp"

#include <algorithm>
#include <cmath>

namespace cardseg::profile {

double rounded(double value, double to) { return std::nearbyint(value / to) * to; }

std::vector<double> direction_of(const Eigen::VectorXd& vector) {
  std::vector<double> direction;
  for (Eigen::Index f = 0; f < vector.size(); ++f) direction.push_back(rounded(vector[f], direction_grid));
  const auto largest = std::ranges::max_element(direction, {}, [](double u) { return std::abs(u); });
  if (*largest < 0)
    for (double& u : direction) u = u == 0.0 ? 0.0 : -u;
  return direction;
}

}  // namespace cardseg::profile
