#include "cardseg/profile/principal_space.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>

#include "profile/principal_direction.hpp"

namespace cardseg::profile {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double least_share = 1e-6;  // of the variance, that must be left out

// u . C u, in the order of the features.
double variance_along(const portfolio::Covariance& covariance, const std::vector<double>& direction) {
  double variance = 0.0;
  for (int f = 0; f < covariance.features; ++f)
    for (int g = 0; g < covariance.features; ++g)
      variance += direction[static_cast<std::size_t>(f)] * covariance.at(f, g) * direction[static_cast<std::size_t>(g)];
  return variance;
}

}  // namespace

std::optional<PrincipalSpace> principal_space(const portfolio::Covariance& covariance) {
  const int d = covariance.features;
  if (d < 2) return std::nullopt;
  const Eigen::Map<const Matrix> matrix(covariance.values.data(), d, d);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
  if (solver.info() != Eigen::Success) return std::nullopt;
  PrincipalSpace space;
  space.mean = covariance.mean;
  for (int f = 0; f < d; ++f) space.variance += covariance.variance(f);
  double held = 0.0;
  for (int q = 0; q < std::min(d - 1, most_directions) && held < share_of_directions * space.variance; ++q) {
    space.directions.push_back(direction_of(solver.eigenvectors().col(d - 1 - q)));
    held += variance_along(covariance, space.directions.back());
  }
  space.error = space.variance - held;
  if (!(space.error > least_share * space.variance)) return std::nullopt;
  return space;
}

}  // namespace cardseg::profile
