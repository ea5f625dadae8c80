#include "cluster/masses.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "cardseg/cluster/nearest.hpp"
#include "support/every_width.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/world.hpp"

namespace cardseg::cluster {
namespace {

using support::make_matrix;
using support::normal_rows;
using support::Rows;
using support::world;

Centroids points_of(const Rows& rows) {
  Centroids points(static_cast<int>(rows.size()), static_cast<int>(rows.front().size()));
  for (std::size_t j = 0; j < rows.size(); ++j) std::ranges::copy(rows[j], points.row(static_cast<int>(j)));
  return points;
}

}  // namespace

TEST(Masses, AreTheSameOneByOneAndTogether) {
  const Rows rows = normal_rows(5000, 3, 61);
  const auto matrix = make_matrix<double>(world(), rows);
  const Rows chosen = {rows[7], rows[4999], rows[7], rows[100], rows[3000]};
  Masses<double> single(world(), matrix, MassNumbers::none);
  Masses<double> together(world(), matrix, MassNumbers::nearest);

  for (const auto& point : chosen) single.add(point.data());
  together.add_numbered(points_of(chosen));

  EXPECT_TRUE(single.total() == together.total());
  for (std::uint64_t bits : {std::uint64_t{0}, std::uint64_t{1} << 63, ~std::uint64_t{0}})
    EXPECT_EQ(single.draw(bits), together.draw(bits));
}

TEST(Masses, CountOnePassForAnyNumberOfPoints) {
  const Rows rows = normal_rows(100, 2, 62);
  const auto matrix = make_matrix<double>(world(), rows);
  Masses<double> masses(world(), matrix, MassNumbers::nearest);

  masses.add_numbered(points_of({rows[1], rows[2], rows[3]}));
  masses.totals_with(points_of({rows[4], rows[5]}));

  EXPECT_EQ(masses.passes(), 2);
}

TEST(Masses, TellWhatWouldBeLeft) {
  const Rows rows = {{0.0}, {1.0}, {5.0}, {6.0}};
  const auto matrix = make_matrix<double>(world(), rows);
  Masses<double> masses(world(), matrix, MassNumbers::none);
  masses.add(rows[0].data());  // 0 + 1 + 25 + 36

  const std::vector<core::int128> left = masses.totals_with(points_of({{1.0}, {5.0}, {6.0}}));

  EXPECT_TRUE(left[0] * 62 == masses.total() * 41);  // 0 + 0 + 16 + 25
  EXPECT_TRUE(left[1] * 62 == masses.total() * 2);
  EXPECT_TRUE(left[2] * 62 == masses.total() * 2);
}

TEST(Masses, CountCustomersAtTheFirstOfEqualPoints) {
  const Rows rows = {{0.0}, {2.0}, {4.0}, {4.0}, {1.0}, {3.0}};
  const auto matrix = make_matrix<float>(world(), rows);
  Masses<float> masses(world(), matrix, MassNumbers::nearest);

  masses.add_numbered(points_of({{0.0}, {2.0}}));
  masses.add_numbered(points_of({{4.0}, {4.0}}));

  EXPECT_THAT(masses.count_nearest(), testing::ElementsAre(2, 2, 2, 0));  // 1 lies between 0 and 2, 3 between 2 and 4
}

TEST(Masses, TakeEveryoneWhereManyAreExpectedAndTheLowestRowsWhereFewAreWanted) {
  const Rows rows = normal_rows(50, 2, 63);
  const auto matrix = make_matrix<double>(world(), rows);
  Masses<double> masses(world(), matrix, MassNumbers::nearest);
  masses.add_numbered(points_of({{9.0, 9.0}}));
  const core::RowRandom random(1, core::Purpose::seeding_rounds);

  EXPECT_EQ(masses.draw_each(random, 0, 1'000'000, 100).size(), 50u);
  EXPECT_THAT(masses.draw_each(random, 0, 1'000'000, 4), testing::ElementsAre(0, 1, 2, 3));
}

TEST(DrawForRows, GivesTheBitsOfEachRowOnEveryWidth) {
  const core::RowRandom random(0x123456789abcdef0, core::Purpose::seeding_rounds, 0xfedcba98);
  support::for_every_width([&](const std::string&) {
    for (std::uint32_t draw : {0u, 1u, 6u, 7u})
      for (std::int64_t first : {std::int64_t{0}, (std::int64_t{1} << 32) - 9, (std::int64_t{1} << 48) - 48}) {
        std::uint64_t bits[48];
        draw_for_rows(random, draw, first, 3, bits);
        for (std::int64_t i = 0; i < 48; ++i) ASSERT_EQ(bits[i], random.bits(first + i, draw)) << first + i;
      }
  });
}

TEST(Masses, AreTakenInProportion) {
  // Masses 1 and 3 of a total of 4: with one expected, one and three times in four.
  const Rows rows = {{0.0}, {1.0}, {-std::sqrt(3.0)}};
  const auto matrix = make_matrix<double>(world(), rows);
  Masses<double> masses(world(), matrix, MassNumbers::nearest);
  masses.add_numbered(points_of({{0.0}}));
  std::vector<int> taken(3);
  for (std::uint64_t seed = 0; seed < 400; ++seed)
    for (std::int64_t row : masses.draw_each(core::RowRandom(seed, core::Purpose::seeding_rounds), 3, 1, 9))
      ++taken[static_cast<std::size_t>(row)];

  EXPECT_EQ(taken[0], 0);
  EXPECT_NEAR(taken[1], 100, 30);  // 3.5 standard deviations
  EXPECT_NEAR(taken[2], 300, 30);
}

}  // namespace cardseg::cluster
