#include "cardseg/portfolio/variance_shares.hpp"

#include <algorithm>
#include <cmath>

namespace cardseg::portfolio {
namespace {

double block_variance(const Covariance& covariance, const FeatureBlock& block) {
  double sum = 0.0;
  for (int f = block.begin; f < block.end; ++f) sum += covariance.variance(f);
  return sum;
}

}  // namespace

void set_variance_shares(const Covariance& covariance, std::vector<FittedColumn>& columns) {
  const FeatureLayout layout(columns);
  double all = 0.0;
  double all_unweighted = 0.0;
  for (const FeatureBlock& block : layout.blocks()) {
    FittedColumn& column = columns[static_cast<std::size_t>(block.column)];
    const double variance = block_variance(covariance, block);
    column.variance_share = VarianceShare{variance / column.column.settings.weight, variance};
    all += variance;
    all_unweighted += column.variance_share->unweighted;
  }
  for (const FeatureBlock& block : layout.blocks()) {
    VarianceShare& share = *columns[static_cast<std::size_t>(block.column)].variance_share;
    share = {share.unweighted / all_unweighted, share.weighted / all};
  }
}

std::vector<CorrelatedColumns> correlated_columns(const Covariance& covariance,
                                                  const std::vector<FittedColumn>& columns, double least) {
  const FeatureLayout layout(columns);
  const auto column_of = [&](const FeatureBlock& block) -> const FittedColumn& {
    return columns[static_cast<std::size_t>(block.column)];
  };
  std::vector<CorrelatedColumns> found;
  for (const FeatureBlock& a : layout.blocks())
    for (const FeatureBlock& b : layout.blocks()) {
      if (b.column <= a.column || is_share(column_of(a).encoder, 0) || is_share(column_of(b).encoder, 0)) continue;
      const double correlation = covariance.correlation(a.begin, b.begin);
      if (std::abs(correlation) >= least)
        found.push_back({column_of(a).column.name, column_of(b).column.name, correlation});
    }
  std::ranges::stable_sort(found, [](const CorrelatedColumns& x, const CorrelatedColumns& y) {
    return std::abs(x.correlation) > std::abs(y.correlation);
  });
  return found;
}

}  // namespace cardseg::portfolio
