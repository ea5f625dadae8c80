#include "cardseg/profile/separation.hpp"

#include <gtest/gtest.h>

#include "cardseg/core/range.hpp"
#include "support/world.hpp"

namespace cardseg::profile {
namespace {

using support::world;

// This rank's part of 12 customers in three segments, the last of which is empty; every second one is near a border.
cluster::Scores local_scores(const comm::Communicator& comm) {
  const core::Range mine = core::local_range(comm.rank(), 12, comm.size());
  cluster::Scores scores;
  for (std::int64_t i = mine.begin; i < mine.end; ++i) {
    scores.segment.push_back(i < 8 ? 0 : 1);
    scores.second.push_back(i < 8 ? (i % 4 == 0 ? 2 : 1) : 0);
    scores.squared_distance.push_back(1.0);
    scores.margin.push_back(i % 2 == 0 ? 0.0625F : 0.75F);
  }
  return scores;
}

}  // namespace

TEST(Separation, CountsWhoIsNearABorder) {
  const Separation found = measure_separation(world(), local_scores(world()), 3);

  EXPECT_EQ(found.near_border, (std::vector<std::int64_t>{4, 2, 0}));
}

TEST(Separation, CountsWhichSegmentIsTheNext) {
  const Separation found = measure_separation(world(), local_scores(world()), 3);

  EXPECT_EQ(found.second[0], (std::vector<std::int64_t>{0, 6, 2}));
  EXPECT_EQ(found.second[1], (std::vector<std::int64_t>{4, 0, 0}));
}

TEST(Separation, OfOneSegmentIsNone) {
  cluster::Scores scores{{0}, {-1}, {1.0}, {1.0F}};

  const Separation found = measure_separation(world(), scores, 1);

  EXPECT_EQ(found.near_border[0], 0);
}

}  // namespace cardseg::profile
