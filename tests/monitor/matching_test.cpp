#include "cardseg/monitor/matching.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "cardseg/quality/proportions.hpp"

namespace cardseg::monitor {
namespace {

using core::int128;
using testing::ElementsAre;

// The most of all ways to give each row a column of its own.
int128 best_by_trying_all(const SharedMass& shared) {
  std::vector<std::size_t> order(std::max(shared.size(), shared.front().size()));
  std::iota(order.begin(), order.end(), std::size_t{0});
  int128 best = 0;
  do {
    int128 sum = 0;
    for (std::size_t i = 0; i < shared.size(); ++i)
      if (order[i] < shared.front().size()) sum += shared[i][order[i]];
    best = std::max(best, sum);
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

TEST(Matching, SharesAsMuchAsTheBestOfAllWays) {
  std::mt19937_64 random(3);
  for (int trial = 0; trial < 60; ++trial) {
    SharedMass shared(1 + random() % 6, std::vector<int128>(1 + random() % 6));
    for (auto& line : shared) {
      line.resize(shared.front().size());
      for (int128& cell : line) cell = static_cast<int128>(random() % 5) << (trial % 2 == 0 ? 0 : 90);
    }

    const std::vector<int> partner = match_segments(shared);

    int128 sum = 0;
    std::vector<int> taken;
    for (std::size_t i = 0; i < shared.size(); ++i) {
      if (partner[i] < 0) continue;
      EXPECT_TRUE(shared[i][static_cast<std::size_t>(partner[i])] > 0);
      sum += shared[i][static_cast<std::size_t>(partner[i])];
      taken.push_back(partner[i]);
    }
    std::ranges::sort(taken);
    EXPECT_TRUE(std::ranges::adjacent_find(taken) == taken.end());
    EXPECT_TRUE(sum == best_by_trying_all(shared)) << trial;
  }
}

TEST(Matching, PrefersTheSameNumberAmongEquals) {
  EXPECT_THAT(match_segments({{5, 5, 0}, {5, 5, 0}, {0, 0, 0}}), ElementsAre(0, 1, -1));
  EXPECT_THAT(match_segments({{0, 9}, {9, 0}}), ElementsAre(1, 0));
  EXPECT_THAT(match_segments({{1, 0}, {1, 0}, {0, 1}}), ElementsAre(0, -1, 1));
}

TEST(Proportions, OfNobodyAreAnything) {
  using namespace quality;
  EXPECT_EQ(clopper_pearson({0, 0}).low, 0.0);
  EXPECT_EQ(clopper_pearson({0, 0}).high, 1.0);
  EXPECT_EQ(wilson({0, 0}).high, 1.0);
  EXPECT_EQ(newcombe({0, 0}, {1, 2}).low, -1.0);
  EXPECT_EQ(equal_shares_probability({0, 0}, {1, 2}), 1.0);
  EXPECT_EQ(equal_shares_probability({0, 5}, {0, 9}), 1.0);
}

TEST(Proportions, HaveTheIntervalsOfTextbooks) {
  using namespace quality;
  const Interval exact = clopper_pearson({0, 10});
  EXPECT_EQ(exact.low, 0.0);
  EXPECT_NEAR(exact.high, 0.3085, 5e-5);                     // 1 - 0.025^(1/10)
  const Interval difference = newcombe({56, 70}, {48, 80});  // Newcombe 1998, table II, method 10
  EXPECT_NEAR(difference.low, 0.0524, 5e-5);
  EXPECT_NEAR(difference.high, 0.3339, 5e-5);
  EXPECT_NEAR(detectable_difference(0.5, 100, 100), 0.1981, 5e-5);  // 2.8016 sqrt(0.25 / 50)
}

}  // namespace
}  // namespace cardseg::monitor
