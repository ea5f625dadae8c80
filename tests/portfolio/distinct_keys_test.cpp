#include "cardseg/portfolio/distinct_keys.hpp"

#include <gmock/gmock.h>

#include <numeric>
#include <random>

#include "cardseg/core/range.hpp"
#include "support/world.hpp"

namespace cardseg::portfolio {
namespace {

using support::world;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::int64_t> mixed_numbers(std::int64_t count) {
  std::vector<std::int64_t> keys(static_cast<std::size_t>(count));
  std::iota(keys.begin(), keys.end(), 0);
  for (std::int64_t& key : keys) key = mixed(key);
  return keys;
}

core::Range mine_of(const std::vector<std::int64_t>& all) {
  return core::local_range(world().rank(), std::ssize(all), world().size());
}

std::vector<std::int64_t> local_part(const std::vector<std::int64_t>& all) {
  const core::Range mine = mine_of(all);
  return {all.begin() + mine.begin, all.begin() + mine.end};
}

Repetitions repetitions_in(const std::vector<std::int64_t>& all) {
  return find_repetitions(world(), local_part(all), mine_of(all).begin);
}

}  // namespace

TEST(DistinctKeys, AreThoseThatDiffer) {
  for (const std::int64_t count : {0, 1, 2, 1000}) {
    EXPECT_TRUE(are_distinct(world(), local_part(mixed_numbers(count)))) << count;
    EXPECT_THAT(repetitions_in(mixed_numbers(count)).first, IsEmpty());
  }
}

TEST(DistinctKeys, AreNotThoseOfWhichTwoAreEqualWhereverTheyAre) {
  const std::vector<std::int64_t> all = mixed_numbers(200);
  for (const std::size_t first : {0, 57, 198})
    for (const std::size_t second : {1, 120, 199}) {
      if (first == second) continue;
      std::vector<std::int64_t> keys = all;
      keys[second] = keys[first];
      EXPECT_FALSE(are_distinct(world(), local_part(keys))) << first << " " << second;
    }
}

TEST(DistinctKeys, AreCountedAndTheFirstThatRepeatAreNamed) {
  std::vector<std::int64_t> keys = mixed_numbers(100);
  keys[90] = keys[95] = keys[3];
  keys[40] = keys[39] = keys[99];  // the first repetition of all is that of row 40

  const Repetitions found = repetitions_in(keys);

  EXPECT_EQ(found.rows, 4);
  EXPECT_THAT(found.first, ElementsAre(ElementsAre(39, 40, 99), ElementsAre(3, 90, 95)));
}

TEST(DistinctKeys, ListNoMoreThanAThousandKeysAndSixteenRows) {
  std::vector<std::int64_t> keys = mixed_numbers(1500);
  keys.insert(keys.end(), keys.begin(), keys.end());
  for (std::size_t i = 0; i < 30; ++i) keys[i] = keys[0];

  const Repetitions found = repetitions_in(keys);

  EXPECT_EQ(found.rows, 1500 + 29 - 29);
  ASSERT_EQ(found.first.size(), 1000U);
  EXPECT_EQ(found.first.front().size(), 16U);
  EXPECT_THAT(found.first.front(), testing::Contains(15));
  EXPECT_THAT(found.first[1], ElementsAre(30, 1530));
}

TEST(MixedKeys, StayDifferent) {
  EXPECT_NE(mixed(0), mixed(1));
  EXPECT_EQ(mixed(7), mixed(7));
}

}  // namespace cardseg::portfolio
