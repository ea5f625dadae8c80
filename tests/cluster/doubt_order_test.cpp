#include "cluster/doubt_order.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>

#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {
namespace {

constexpr std::int64_t tile_rows = portfolio::tile_rows;

// Two tiles of customers of segments 0 and 1 in turn; within a segment the slack falls with the place.
struct Block {
  std::vector<std::int32_t> labels;
  std::vector<float> slack;
  std::vector<std::int32_t> rival;

  explicit Block(int segments) {
    for (int i = 0; i < 2 * tile_rows; ++i) {
      labels.push_back(i % 2);
      slack.push_back(100.0f / static_cast<float>(1 + i));
      rival.push_back((i % 2 + 1 + i % (segments - 1)) % segments);
    }
  }
};

std::vector<std::int32_t> ordered(const Block& block, int segments, const std::vector<std::int32_t>& tiles) {
  DoubtOrder order(2 * tile_rows, segments);
  for (std::int32_t t : tiles) order.note(t, block.slack.data() + t * tile_rows, block.rival.data() + t * tile_rows);
  return order.places_of(tiles, block.labels.data());
}

TEST(DoubtOrder, HoldsEachPlaceOnceBySegment) {
  for (int segments : {2, 40}) {  // one sort, and one by each key
    const Block block(segments);

    const std::vector<std::int32_t> places = ordered(block, segments, {0, 1});

    std::vector<std::int32_t> all(2 * tile_rows);
    std::iota(all.begin(), all.end(), 0);
    EXPECT_THAT(places, testing::UnorderedElementsAreArray(all));
    EXPECT_TRUE(std::ranges::is_sorted(places, {}, [&](std::int32_t place) { return place % 2; }));
  }
}

TEST(DoubtOrder, PutsThoseInDoubtFirstWithinASegment) {
  Block block(2);
  for (std::size_t i = 0; i < block.slack.size(); ++i) block.slack[i] = i >= 20 ? 0.01f : 100.0f;

  const std::vector<std::int32_t> places = ordered(block, 2, {0, 1});

  EXPECT_THAT(std::vector<std::int32_t>(places.begin(), places.begin() + 6),
              testing::ElementsAre(20, 22, 24, 26, 28, 30));
}

TEST(DoubtOrder, LooksAtTheGivenTilesAlone) {
  const std::vector<std::int32_t> places = ordered(Block(3), 3, {1});

  EXPECT_EQ(std::ssize(places), tile_rows);
  EXPECT_EQ(*std::ranges::min_element(places), tile_rows);
}

}  // namespace
}  // namespace cardseg::cluster
