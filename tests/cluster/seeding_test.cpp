#include "cardseg/cluster/seeding.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/comm/agree.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"

namespace cardseg::cluster {
namespace {

using support::error_of;
using support::make_matrix;
using support::normal_rows;
using support::Rows;
using support::world;
using testing::ElementsAre;
using testing::HasSubstr;

FitOptions options(Seeding seeding, int segments, std::uint64_t seed = 1) {
  FitOptions chosen;
  chosen.seeding = seeding;
  chosen.segments = segments;
  chosen.seed = seed;
  return chosen;
}

template <class T = double>
Centroids seeds_on(const comm::Communicator& comm, const Rows& rows, const FitOptions& chosen, int restart = 0) {
  return draw_seeds(comm, make_matrix<T>(comm, rows, 1), chosen, restart);
}

// Distinct values of one feature: 0, 1, 2, ...
Rows numbered_rows(int count) {
  Rows rows;
  for (int i = 0; i < count; ++i) rows.push_back({static_cast<double>(i)});
  return rows;
}

}  // namespace

TEST(Seeding, DrawsTheSameCustomersOnAllRankCounts) {
  const Rows rows = normal_rows(53, 3, 31);
  for (Seeding seeding : {Seeding::plusplus, Seeding::random, Seeding::first})
    for (int restart : {0, 1, 7}) {
      const Centroids together = seeds_on<float>(world(), rows, options(seeding, 9, 42), restart);
      const Centroids alone = seeds_on<float>({}, rows, options(seeding, 9, 42), restart);

      EXPECT_EQ(together.values, alone.values) << name_of(seeding);
    }
}

TEST(Seeding, DrawsOtherCustomersForOtherSeedsAndRestarts) {
  const Rows rows = normal_rows(200, 2, 32);
  for (Seeding seeding : {Seeding::plusplus, Seeding::random}) {
    std::set<std::vector<double>> different;
    for (std::uint64_t seed : {1u, 2u, 3u})
      for (int restart : {0, 1}) different.insert(seeds_on(world(), rows, options(seeding, 4, seed), restart).values);

    EXPECT_EQ(different.size(), 6u) << name_of(seeding);
  }
}

TEST(Seeding, ByFirstTakesTheFirstRows) {
  EXPECT_THAT(seeds_on(world(), numbered_rows(7), options(Seeding::first, 3)).values, ElementsAre(0, 1, 2));
}

TEST(Seeding, ByRandomDrawsDifferentRowsUpToAllOfThem) {
  for (std::uint64_t seed = 1; seed < 6; ++seed) {
    std::vector<double> drawn = seeds_on(world(), numbered_rows(13), options(Seeding::random, 13, seed)).values;
    std::ranges::sort(drawn);

    EXPECT_THAT(drawn, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
  }
}

TEST(Seeding, ByRandomDrawsEveryRowAboutEquallyOften) {
  std::map<double, int> drawn;
  for (std::uint64_t seed = 0; seed < 600; ++seed)
    for (double row : seeds_on(world(), numbered_rows(6), options(Seeding::random, 2, seed)).values) ++drawn[row];

  double chi_square = 0;
  for (int row = 0; row < 6; ++row) chi_square += (drawn[row] - 200.0) * (drawn[row] - 200.0) / 200.0;
  EXPECT_LT(chi_square, 20.5);  // 5 degrees of freedom: above this one time in a thousand
}

TEST(Seeding, ByPlusplusNeverDrawsACustomerThatIsAlreadyACentroid) {
  Rows rows;  // 4 places, each held by 10 customers
  for (int i = 0; i < 40; ++i) rows.push_back({static_cast<double>(i % 4), 1.0});
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Centroids seeds = seeds_on(world(), rows, options(Seeding::plusplus, 4, seed));
    std::set<double> places;
    for (int j = 0; j < 4; ++j) places.insert(seeds.row(j)[0]);

    EXPECT_EQ(places.size(), 4u) << "seed " << seed;
  }
}

TEST(Seeding, ByPlusplusDrawsInProportionToTheSquaredDistance) {
  // From 0 the others lie at 1, 2 and 3: masses 1, 4 and 9. Only draws whose first centroid is 0 are counted.
  const Rows rows = {{0.0}, {1.0}, {2.0}, {3.0}};
  std::map<double, int> second;
  int count = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const Centroids seeds = seeds_on(world(), rows, options(Seeding::plusplus, 2, seed));
    if (seeds.row(0)[0] != 0.0) continue;
    ++second[seeds.row(1)[0]];
    ++count;
  }

  double chi_square = 0;
  for (double place : {1.0, 2.0, 3.0}) {
    const double expected = count * place * place / 14;
    chi_square += (second[place] - expected) * (second[place] - expected) / expected;
  }
  EXPECT_NEAR(count, 500, 75);
  EXPECT_LT(chi_square, 13.8);  // 2 degrees of freedom: above this one time in a thousand
}

TEST(Seeding, ByPlusplusReachesCustomersOfTinyMass) {
  // Beside one customer at 1e6, the others' masses are 1e-12 of it and less; still each of the k places is drawn.
  const Rows rows = {{0.0}, {1e-1}, {0.3}, {1e6}, {1e6 + 1}};
  std::vector<double> drawn = seeds_on(world(), rows, options(Seeding::plusplus, 5, 3)).values;
  std::ranges::sort(drawn);

  EXPECT_THAT(drawn, ElementsAre(0.0, 1e-1, 0.3, 1e6, 1e6 + 1));
}

TEST(Seeding, ByPlusplusSaysSoWhereSquaredDistancesVanish) {
  const Rows rows = {{0.0}, {1e-200}, {2e-200}};

  const core::Error error = error_of([&] { seeds_on(world(), rows, options(Seeding::plusplus, 3)); });

  EXPECT_EQ(error.code(), core::ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr("squared distances vanish"));
}

TEST(FetchPoint, GivesARowToAllRanks) {
  const Rows rows = normal_rows(11, 3, 33);
  const auto matrix = make_matrix<double>(world(), rows, 3);

  for (std::size_t row = 0; row < rows.size(); ++row)
    EXPECT_EQ(fetch_point(world(), matrix, static_cast<std::int64_t>(row)), rows[row]);
}

TEST(CountDistinct, CountsEqualCustomersOnceOnAnyRank) {
  const Rows rows = {{1, 2}, {1, 2}, {2, 1}, {1, 2}, {3, 3}, {2, 1}, {1, 2}};

  EXPECT_EQ(count_distinct(world(), make_matrix<float>(world(), rows), 100), 3);
}

TEST(CountDistinct, TakesEitherZeroForTheSame) {
  const Rows rows = {{0.0, 1}, {-0.0, 1}, {0.0, 1}, {-0.0, 1}, {0.0, 1}};

  EXPECT_EQ(count_distinct(world(), make_matrix<double>(world(), rows), 100), 1);
}

TEST(CountDistinct, StopsAtEnough) {
  EXPECT_EQ(count_distinct(world(), make_matrix<double>(world(), numbered_rows(50)), 7), 7);
}

TEST(CountDistinct, TellsNeighbouringNumbersApart) {
  const Rows rows = {{1.0}, {std::nextafter(1.0, 2.0)}, {1.0}};

  EXPECT_EQ(count_distinct(world(), make_matrix<double>(world(), rows), 9), 2);
  EXPECT_EQ(count_distinct(world(), make_matrix<float>(world(), rows), 9), 1);
}

TEST(CountDistinct, IsZeroWithoutCustomers) {
  EXPECT_EQ(count_distinct(world(), make_matrix<double>(world(), {}, 2), 9), 0);
}

TEST(FindFarthest, TakesTheLowestRowOfEqualDistances) {
  const std::vector<double> all = {1, 5, 2, 5, 5, 0, 4};
  const core::Range mine = core::local_range(world().rank(), 7, world().size());
  const std::vector<double> local(all.begin() + mine.begin, all.begin() + mine.end);

  const Farthest farthest = find_farthest(world(), local, mine.size(), mine.begin);

  EXPECT_EQ(farthest.row, 1);
  EXPECT_EQ(farthest.distance, 5.0);
}

TEST(FindFarthest, FindsNobodyWithoutCustomers) { EXPECT_EQ(find_farthest(world(), {}, 0, 0).row, -1); }

TEST(UpdateLeastDistances, CoversEveryCustomer) {
  const Rows rows = normal_rows(150, 2, 34);
  const auto matrix = make_matrix<double>({}, rows);
  std::vector<double> distances(static_cast<std::size_t>(matrix.tiles() * 16), HUGE_VAL);

  update_least_distances(matrix, {0.5, -0.5}, distances);

  const double point[] = {0.5, -0.5};
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(distances[i], squared_distance(rows[i].data(), point, 2));
}

TEST(FitOptions, NameTheFieldTheValueAndTheRange) {
  const auto refused = [](auto change) {
    FitOptions chosen;
    change(chosen);
    return std::string(error_of([&] { validate(chosen); }).what());
  };

  EXPECT_THAT(refused([](FitOptions& o) { o.segments = 0; }),
              HasSubstr("segments cannot be 0. It is a whole number from 1 to 10000"));
  EXPECT_THAT(refused([](FitOptions& o) { o.seeding_rounds = 101; }), HasSubstr("seeding-rounds cannot be 101"));
  EXPECT_THAT(refused([](FitOptions& o) { o.restarts = 10001; }), HasSubstr("restarts cannot be 10001"));
  EXPECT_THAT(refused([](FitOptions& o) { o.max_iterations = 0; }), HasSubstr("max-iterations cannot be 0"));
  EXPECT_THAT(refused([](FitOptions& o) { o.tolerance = -0.5; }), HasSubstr("tolerance cannot be -0.5"));
  EXPECT_THAT(refused([](FitOptions& o) { o.tolerance = std::nan(""); }), HasSubstr("tolerance cannot be nan"));
  EXPECT_NO_THROW(validate(FitOptions()));
}

TEST(FitOptions, NameSeedingsTheWayTheyAreRead) {
  for (Seeding each : {Seeding::refined, Seeding::plusplus, Seeding::parallel, Seeding::greedy, Seeding::random,
                       Seeding::first, Seeding::file})
    EXPECT_EQ(seeding_names.named(name_of(each), "seeding"), each);
  EXPECT_EQ(seeding_names.named("k-means||", "seeding"), Seeding::parallel);
  EXPECT_THAT(error_of([] { seeding_names.named("greddy", "seeding"); }).what(),
              HasSubstr("k-means++, k-means||, greedy, random, first or file. Did you mean 'greedy'?"));
}

}  // namespace cardseg::cluster
