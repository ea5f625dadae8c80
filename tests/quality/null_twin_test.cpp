#include "quality/null_twin.hpp"

#include <gtest/gtest.h>

#include "support/random_rows.hpp"

namespace cardseg::quality {

using support::make_matrix;
using support::Rows;

TEST(NullTwins, KeepHowFeaturesGoTogether) {
  Rows rows = support::normal_rows(6000, 3, 77);
  for (auto& row : rows) row[1] = 0.8 * row[0] + 0.6 * row[1];
  const NullTwins twins(make_matrix<double>({}, rows));
  const auto drawn = twins.draw<double>(1, 0, 6000);
  double products[3] = {};
  for (std::int64_t i = 0; i < drawn.rows(); ++i) {
    products[0] += drawn.at(i, 0) * drawn.at(i, 1) / 6000;
    products[1] += drawn.at(i, 0) * drawn.at(i, 2) / 6000;
    products[2] += drawn.at(i, 2) * drawn.at(i, 2) / 6000;
  }

  EXPECT_NEAR(products[0], 0.8, 0.06);
  EXPECT_NEAR(products[1], 0.0, 0.06);
  EXPECT_NEAR(products[2], 1.0, 0.06);
}

}  // namespace cardseg::quality
