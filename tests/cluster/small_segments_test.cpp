#include "cardseg/cluster/small_segments.hpp"

#include <gmock/gmock.h>

#include "cardseg/core/error.hpp"
#include "support/make_matrix.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"

namespace cardseg::cluster {
namespace {

using support::error_of;
using testing::DoubleEq;
using testing::ElementsAre;

// Means on a line.
Centroids line(const std::vector<double>& values) {
  Centroids centroids(static_cast<int>(values.size()), 1);
  centroids.values = values;
  return centroids;
}

TEST(MergeSmallest, GivesTheSmallestToTheNeighbourThatCostsLeast) {
  Centroids means = line({0, 10, 4});

  // Ward: 100 * 2 / 102 * 16 = 31.4 with the first, 3 * 2 / 5 * 36 = 43.2 with the second.
  const MergedSegment merged = merge_smallest(means, {100, 3, 2});

  EXPECT_EQ(merged.customers, 2);
  EXPECT_EQ(merged.into, 100);
  EXPECT_THAT(merged.cost, DoubleEq(200.0 / 102 * 16));
  EXPECT_THAT(means.values, ElementsAre(DoubleEq(8.0 / 102), 10));
  EXPECT_EQ(means.segments, 2);
}

TEST(MergeSmallest, TakesTheLastOfEquallySmallOnesAndTheFirstOfEqualNeighbours) {
  Centroids means = line({-1, 5, 1, 0});

  const MergedSegment merged = merge_smallest(means, {9, 2, 9, 2});

  EXPECT_EQ(merged.into, 9);
  EXPECT_THAT(means.values, ElementsAre(DoubleEq(-1 + 2.0 / 11), 5, 1));
}

TEST(MergeSmallest, DropsASegmentWithoutCustomers) {
  Centroids means = line({3, 7, 4});

  EXPECT_EQ(merge_smallest(means, {5, 4, 0}), (MergedSegment{0, 0, 0.0}));
  EXPECT_THAT(means.values, ElementsAre(3, 7));
}

TEST(LeastCustomers, AreANumberOrAShareRoundedUp) {
  EXPECT_EQ(least_customers({""}, 1000), 0);
  EXPECT_EQ(least_customers({"50"}, 1000), 50);
  EXPECT_EQ(least_customers({"2%"}, 1001), 21);
  EXPECT_EQ(least_customers({"0.5"}, 3), 2);
  EXPECT_EQ(error_of([] { least_customers({"50"}, 49); }).code(), core::ExitCode::usage);
}

TEST(LeastCustomers, RefusesWhatIsNeither) {
  for (const char* text : {"0", "-3", "1.5", "100%", "2 %%", "many", "1e3"})
    EXPECT_EQ(error_of([&] { validate(SizeOptions{text}); }).code(), core::ExitCode::usage) << text;
  for (const char* text : {"", "1", "0.02", "99.5%"}) EXPECT_NO_THROW(validate(SizeOptions{text})) << text;
}

}  // namespace
}  // namespace cardseg::cluster
