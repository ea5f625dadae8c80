#include "cardseg/quality/sample.hpp"

#include <gmock/gmock.h>

#include <sstream>

#include "cardseg/core/philox.hpp"
#include "quality/plain_quality.hpp"
#include "support/random_rows.hpp"
#include "support/world.hpp"

namespace cardseg::quality {
namespace {

using support::make_matrix;
using support::world;

// The rows of all ranks, in order.
std::vector<std::int64_t> all_drawn(std::int64_t rows, std::int64_t size, std::uint64_t seed) {
  const core::Range mine = core::local_range(world().rank(), rows, world().size());
  std::string local;
  for (std::int64_t row : draw_rows(world(), mine, size, seed)) {
    EXPECT_TRUE(mine.contains(row));
    local += std::to_string(row) + " ";
  }
  std::vector<std::int64_t> all;
  for (const std::string& text : world().allgather(local))
    for (std::istringstream words(text); words.good();) {
      std::int64_t row = 0;
      if (words >> row) all.push_back(row);
    }
  return all;
}

// Sorted by random number and row, one after the other.
std::vector<std::int64_t> plainly_drawn(std::int64_t rows, std::size_t size, std::uint64_t seed) {
  const core::RowRandom random(seed, core::Purpose::silhouette);
  std::vector<std::int64_t> all(static_cast<std::size_t>(rows));
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i);
  std::ranges::stable_sort(all, {}, [&](std::int64_t row) { return random.bits(row); });
  all.resize(std::min(size, all.size()));
  std::ranges::sort(all);
  return all;
}

}  // namespace

TEST(Sample, HoldsTheRowsWithTheSmallestRandomNumbers) {
  for (std::size_t size : {1, 2, 17, 250, 999})
    EXPECT_EQ(all_drawn(1000, static_cast<std::int64_t>(size), 7), plainly_drawn(1000, size, 7)) << size;
}

TEST(Sample, DependsOnTheSeed) { EXPECT_NE(all_drawn(500, 20, 1), all_drawn(500, 20, 2)); }

TEST(Sample, IsEveryRowWhereThereAreNoMore) {
  EXPECT_EQ(all_drawn(10, 10, 3).size(), 10u);
  EXPECT_EQ(all_drawn(4, 100, 3).size(), 4u);
}

TEST(Sample, OfNothingIsNothing) {
  EXPECT_TRUE(all_drawn(0, 5, 1).empty());
  EXPECT_TRUE(all_drawn(5, 0, 1).empty());
}

TEST(Sample, GathersTheFeaturesInTheOrderOfRowsOnAllRanks) {
  const Rows rows = support::normal_rows(40, 3, 71);
  const auto matrix = make_matrix<double>(world(), rows);
  const std::vector<std::int64_t> drawn = plainly_drawn(40, 11, 5);

  const auto sample = gather_sample(world(), matrix, draw_rows(world(), matrix.global_rows(), 11, 5));

  ASSERT_EQ(sample.rows(), 11);
  for (std::int64_t i = 0; i < 11; ++i)
    EXPECT_EQ(sample.point(i), rows[static_cast<std::size_t>(drawn[static_cast<std::size_t>(i)])]);
}

}  // namespace cardseg::quality
