// What each column brings to the distances between customers.
#pragma once

#include <string>
#include <vector>

#include "cardseg/portfolio/covariance.hpp"
#include "cardseg/portfolio/encoder.hpp"
#include "cardseg/portfolio/feature_layout.hpp"

namespace cardseg::portfolio {

/// Pure. Sets `variance_share` of the columns that are features. The mean squared distance between two customers is
/// twice the sum of the variances of all features; a column's share is that of its block.
void set_variance_shares(const Covariance& covariance, std::vector<FittedColumn>& columns);

/// Two columns of numbers that say nearly the same.
struct CorrelatedColumns {
  std::string first;
  std::string second;
  double correlation = 0.0;  ///< Pearson's, of their features
};

/// Pure. The pairs whose correlation is `least` or more in magnitude, the strongest first (ties: the earlier columns).
std::vector<CorrelatedColumns> correlated_columns(const Covariance& covariance,
                                                  const std::vector<FittedColumn>& columns, double least);

}  // namespace cardseg::portfolio
