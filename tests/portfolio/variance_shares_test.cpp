#include "cardseg/portfolio/variance_shares.hpp"

#include <gtest/gtest.h>

namespace cardseg::portfolio {
namespace {

FittedColumn feature(const std::string& name, double weight, const Encoder& encoder) {
  FittedColumn column;
  column.column.name = name;
  column.column.role = Role::feature;
  column.column.settings.weight = weight;
  column.encoder = encoder;
  return column;
}

// balance, spend of weight 4, region with two levels: variances 1, 4, 0.25 + 0.75.
std::vector<FittedColumn> columns() {
  return {feature("balance", 1, NumberEncoder{}), feature("spend", 4, NumberEncoder{}),
          feature("region", 1, CategoryEncoder{.levels = 2, .known = 2})};
}

Covariance covariance() {
  Covariance made;
  made.features = 4;
  made.customers = 10;
  made.mean = {0, 0, 0, 0};
  made.values = {1,     -1.99, 0,    0,    //
                 -1.99, 4,     0,    0,    //
                 0,     0,     0.25, 0.4,  //
                 0,     0,     0.4,  0.75};
  return made;
}

}  // namespace

TEST(VarianceShares, AreThoseOfBlocksWithAndWithoutWeights) {
  std::vector<FittedColumn> all = columns();

  set_variance_shares(covariance(), all);

  EXPECT_DOUBLE_EQ(all[0].variance_share->weighted, 1.0 / 6);
  EXPECT_DOUBLE_EQ(all[1].variance_share->weighted, 4.0 / 6);
  EXPECT_DOUBLE_EQ(all[2].variance_share->weighted, 1.0 / 6);
  for (const FittedColumn& column : all) EXPECT_DOUBLE_EQ(column.variance_share->unweighted, 1.0 / 3);
}

TEST(VarianceShares, FindColumnsOfNumbersThatSayTheSame) {
  const std::vector<CorrelatedColumns> found = correlated_columns(covariance(), columns(), 0.9);

  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].first, "balance");
  EXPECT_EQ(found[0].second, "spend");
  EXPECT_DOUBLE_EQ(found[0].correlation, -1.99 / 2);
  EXPECT_TRUE(correlated_columns(covariance(), columns(), 0.999).empty());
}

}  // namespace cardseg::portfolio
