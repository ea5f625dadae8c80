#include "quality/resample.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "support/make_matrix.hpp"

namespace cardseg::quality {

using support::make_matrix;
using support::Rows;

TEST(Resample, CountsTheCustomersOfTheMostSimilarSegment) {
  std::vector<std::int64_t> numbers(4);
  write_jaccards({0, 0, 0, 1, 1, 1}, 2, {2, 2, 1, 1, 1, 0}, 3, numbers);

  EXPECT_THAT(numbers, testing::ElementsAre(2, 3, 2, 4));
}

TEST(Resample, DrawsEachCustomerAPoissonNumberOfTimes) {
  Rows rows;
  for (int i = 0; i < 20000; ++i) rows.push_back({static_cast<double>(i)});
  const auto drawn = resample(make_matrix<double>({}, rows), 10000, core::RowRandom(1, core::Purpose::resampling, 2));
  std::vector<int> times(rows.size());
  for (std::int64_t i = 0; i < drawn.rows(); ++i) ++times[static_cast<std::size_t>(drawn.at(i, 0))];

  EXPECT_NEAR(static_cast<double>(drawn.rows()), 10000, 400);
  for (const int count : {0, 1, 2, 3}) {  // mean 1/2: 0.6065, 0.3033, 0.0758, 0.0126
    const double expected = 20000 * std::exp(-0.5) * std::pow(0.5, count) / std::tgamma(count + 1);
    EXPECT_NEAR(static_cast<double>(std::ranges::count(times, count)), expected, 4 * std::sqrt(expected));
  }
}

}  // namespace cardseg::quality
