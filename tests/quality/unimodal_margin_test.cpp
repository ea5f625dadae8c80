#include "quality/unimodal_margin.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "cardseg/core/normal_draw.hpp"

namespace cardseg::quality {

TEST(UnimodalMargin, KeepsMeanAndDeviationAndClosesTheGapBetweenTwoModes) {
  std::vector<double> values;
  for (int i = 0; i < 4000; ++i) values.push_back((i % 2 == 0 ? -5.0 : 5.0) + 0.001 * (i % 1000) - 0.5);
  const UnimodalMargin margin(values);
  double mean = 0;
  double squares = 0;
  double middle = 0;
  constexpr int draws = 4000;
  for (int i = 0; i < draws; ++i) {
    const double x = margin.at(core::normal_quantile((i + 0.5) / draws));
    mean += x / draws;
    squares += x * x / draws;
    if (std::abs(x) < 2.5) middle += 1.0 / draws;
  }

  EXPECT_NEAR(mean, 0, 0.05);
  EXPECT_NEAR(std::sqrt(squares), 5.0, 0.1);
  EXPECT_GT(middle, 0.25);  // where the values have nobody
}

TEST(UnimodalMargin, KeepsSkewAndTails) {
  std::vector<double> values;
  for (int i = 0; i < 5000; ++i) values.push_back(std::exp(1.2 * core::normal_quantile((i + 0.5) / 5000)));
  const UnimodalMargin margin(values);

  EXPECT_NEAR(margin.at(0), 1.0, 0.15);                       // the median
  EXPECT_NEAR(margin.at(2.3263) / std::exp(2.7916), 1, 0.2);  // 99 %
  EXPECT_GT(margin.at(-2.3263), -0.5);
}

TEST(UnimodalMargin, OfOneValueIsThatValue) { EXPECT_EQ(UnimodalMargin({7, 7, 7}).at(1.5), 7); }

}  // namespace cardseg::quality
