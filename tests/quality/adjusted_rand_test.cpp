#include "cardseg/quality/adjusted_rand.hpp"

#include <gtest/gtest.h>

namespace cardseg::quality {
namespace {

Contingency table_of(const std::vector<std::vector<std::int64_t>>& counts) {
  Contingency table(static_cast<int>(counts.size()), static_cast<int>(counts.front().size()));
  for (int i = 0; i < table.first; ++i)
    for (int j = 0; j < table.second; ++j)
      table.at(i, j) = counts[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
  return table;
}

}  // namespace

// scikit-learn 1.9.1: adjusted_rand_score of labels with these contingency tables.
TEST(AdjustedRand, IsThatOfScikitLearn) {
  EXPECT_NEAR(adjusted_rand(table_of({{1, 3, 0}, {2, 0, 0}, {0, 1, 3}})), 0.39114391143911437, 1e-15);
  EXPECT_NEAR(adjusted_rand(table_of({{1, 1}, {1, 1}})), -0.5, 1e-15);
}

TEST(AdjustedRand, IsOneForTheSameGrouping) {
  EXPECT_EQ(adjusted_rand(table_of({{0, 7}, {3, 0}})), 1.0);
  EXPECT_EQ(adjusted_rand(table_of({{9}})), 1.0);
  EXPECT_EQ(adjusted_rand(table_of({{1, 0}, {0, 1}})), 1.0);
}

TEST(AdjustedRand, DoesNotDependOnWhichIsFirst) {
  EXPECT_EQ(adjusted_rand(table_of({{5, 1, 2}, {0, 4, 8}})), adjusted_rand(table_of({{5, 0}, {1, 4}, {2, 8}})));
}

TEST(AdjustedRand, DoesNotOverflowForATrillionCustomers) {
  const std::int64_t half = 500'000'000'000;

  EXPECT_EQ(adjusted_rand(table_of({{half, 0}, {0, half}})), 1.0);
  EXPECT_NEAR(adjusted_rand(table_of({{half, half}, {half, half}})), 0.0, 1e-9);
}

}  // namespace cardseg::quality
