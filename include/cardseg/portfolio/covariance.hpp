// How features vary together: their means and covariances, and the eigenvalues of those.
//
//   C_fg = sum_i (x_if - m_f) (x_ig - m_g) / n      over the n customers that are looked at, each of weight 1
//
// A product is computed in double and rounded once to a grid of its own; integers are added (core/exact_sum.hpp). So
// the bytes are the same on any number of ranks and threads, whatever the partition. Per customer: d (d + 1) / 2
// products.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::portfolio {

/// More features than this are not looked at: their pairs would take longer than a fit.
inline constexpr int most_covariance_features = 128;
/// Of more customers than this, about so many are looked at.
inline constexpr std::int64_t most_covariance_customers = 262'144;

struct Covariance {
  int features = 0;
  std::int64_t customers = 0;  ///< that were looked at
  bool is_of_sample = false;   ///< not all: what follows is an estimate
  std::vector<double> mean;    ///< by feature
  std::vector<double> values;  ///< row-major, [feature][feature], symmetric

  double at(int f, int g) const { return values[static_cast<std::size_t>(f * features + g)]; }
  double variance(int f) const { return at(f, f); }
  /// Pearson's, -1 to 1; NaN where one of the features does not vary.
  double correlation(int f, int g) const;
};

/// Collective, three passes over the customers that are looked at. All of them, or a sample of rows whose own 64 bits
/// are low: who is in it depends on the seed and the global rows alone. None where there are no customers or more than
/// most_covariance_features.
template <class T>
std::optional<Covariance> compute_covariance(const comm::Communicator& comm, const FeatureMatrix<T>& matrix,
                                             std::uint64_t seed,
                                             std::int64_t most_customers = most_covariance_customers);

/// Pure. The eigenvalues, the largest first. Their last bits depend on the build, as those of the covariances do not:
/// round what is stored or decided.
std::vector<double> eigenvalues(const Covariance& covariance);

}  // namespace cardseg::portfolio
