#include "cardseg/quality/recommendation.hpp"

#include <gmock/gmock.h>

#include <cmath>

namespace cardseg::quality {
namespace {

// Segments with these Jaccards where chance gives one half.
StudiedStability studied(std::vector<double> jaccard, double gap) {
  StudiedStability found{static_cast<int>(jaccard.size()), {}};
  found.stability.sizes = {{1000, std::move(jaccard), 0.5, 0.1}};
  found.stability.gap = gap;
  found.stability.gap_error = 0.01;
  return found;
}

}  // namespace

TEST(Recommendation, IsTheLargestNumberWhoseSegmentsAreAllStableAndTight) {
  const Recommendation found = recommend(
      {studied({0.95, 0.95}, 0.3), studied({0.9, 0.9, 0.9}, 0.5), studied({0.99, 0.99, 0.99, 0.6}, 0.495)}, 3);

  EXPECT_EQ(found.segments, 3);
  EXPECT_EQ(found.runner_up, 2);
  EXPECT_THAT(found.candidates, testing::ElementsAre(2, 3));
  EXPECT_EQ(found.preferred_by_gap, 3);
  EXPECT_EQ(found.tested, 3);
}

TEST(Recommendation, IsNoneWhereNothingIsStableOrTighterThanChance) {
  EXPECT_EQ(recommend({studied({0.6, 0.7}, 0.3), studied({0.9, 0.8, 0.9}, 0.3)}, 3).segments, 0);
  EXPECT_EQ(recommend({studied({0.95, 0.95}, 0.005)}, 3).segments, 0);
  EXPECT_EQ(recommend({studied({0.95, 0.95}, -0.1)}, 3).segments, 0);
}

TEST(Recommendation, IsNoneWhereASegmentIsNotKnown) {
  const StudiedStability unknown = studied({0.95, std::nan("")}, 0.3);

  EXPECT_TRUE(std::isnan(unknown.least_ratio()));
  EXPECT_NEAR(unknown.mean_ratio(), 10, 1e-9);
  EXPECT_EQ(recommend({unknown}, 3).segments, 0);
}

TEST(Recommendation, PassesOverNumbersThatWereNotTested) {
  const Recommendation found = recommend({{1, {}}, studied({0.95, 0.95}, 0.3)}, 3);

  EXPECT_EQ(found.segments, 2);
  EXPECT_EQ(found.tested, 1);
  EXPECT_EQ(found.preferred_by_gap, 0);
}

}  // namespace cardseg::quality
