// k-means++, k-means|| and greedy k-means++: what they have in common, and where they differ.
#include <gmock/gmock.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/cluster/seeding.hpp"
#include "cardseg/comm/agree.hpp"
#include "cluster/seeding_twins.hpp"
#include "support/every_width.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"

namespace cardseg::cluster {
namespace {

using support::clustered_rows;
using support::error_of;
using support::make_matrix;
using support::Rows;
using support::world;
using testing::HasSubstr;

constexpr Seeding by_mass[] = {Seeding::plusplus, Seeding::parallel, Seeding::greedy};

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

std::vector<double> values_of(const Rows& rows) {
  std::vector<double> values;
  for (const auto& row : rows) values.insert(values.end(), row.begin(), row.end());
  return values;
}

double inertia_of(const Rows& rows, const Centroids& seeds) {
  double sum = 0;
  for (const auto& row : rows) {
    double least = HUGE_VAL;
    for (int j = 0; j < seeds.segments; ++j)
      least = std::min(least, squared_distance(row.data(), seeds.row(j), seeds.features));
    sum += least;
  }
  return sum;
}

double mean_inertia(const Rows& rows, Seeding seeding, int segments) {
  double sum = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    sum += inertia_of(rows, seeds_on(world(), rows, options(seeding, segments, seed)));
  return sum / 20;
}

// As the matrix stores them.
Rows as_floats(Rows rows) {
  for (auto& row : rows)
    for (double& value : row) value = static_cast<float>(value);
  return rows;
}

}  // namespace

TEST(DrawsByMass, AreTheSameOnAllRankCountsThreadsAndWidths) {
  const Rows rows = clustered_rows(9000, 3, 7, 41);  // three blocks of masses
  for (Seeding seeding : by_mass) {
    const Centroids alone = seeds_on<float>({}, rows, options(seeding, 12, 5), 2);
    const int threads = omp_get_max_threads();
    for (int count : {1, 3}) {
      omp_set_num_threads(count);
      support::for_every_width([&](const std::string&) {
        EXPECT_EQ(seeds_on<float>(world(), rows, options(seeding, 12, 5), 2).values, alone.values) << name_of(seeding);
      });
    }
    omp_set_num_threads(threads);
  }
}

TEST(DrawsByMass, EqualTheirPlainTwins) {
  for (std::uint64_t seed = 1; seed < 6; ++seed) {
    const Rows rows = as_floats(clustered_rows(333, 4, 5, 42 + static_cast<unsigned>(seed)));
    const FitOptions greedy = options(Seeding::greedy, 9, seed);
    const FitOptions parallel = options(Seeding::parallel, 9, seed);

    EXPECT_EQ(seeds_on<float>(world(), rows, greedy, 1).values, values_of(twin::seed_greedy(rows, greedy, 1)));
    EXPECT_EQ(seeds_on<float>(world(), rows, parallel, 1).values, values_of(twin::seed_parallel(rows, parallel, 1)));
    EXPECT_EQ(seeds_on<double>(world(), rows, parallel, 1).values, values_of(twin::seed_parallel(rows, parallel, 1)));
  }
}

TEST(DrawsByMass, FillUpWithSingleDrawsWhereRoundsGiveTooFewCandidates) {
  FitOptions few = options(Seeding::parallel, 40, 3);
  few.seeding_rounds = 1;
  const Rows rows = as_floats(clustered_rows(45, 2, 3, 47));  // one round of 80 among 45 leaves some out

  const Centroids seeds = seeds_on<float>(world(), rows, few);

  EXPECT_EQ(seeds.values, values_of(twin::seed_parallel(rows, few, 0)));
}

TEST(DrawsByMass, FindAllPlacesWhereThereAreNoMore) {
  Rows rows;  // 4 places, each held by 10 customers
  for (int i = 0; i < 40; ++i) rows.push_back({static_cast<double>(i % 4), 1.0});
  for (Seeding seeding : by_mass)
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const Centroids seeds = seeds_on(world(), rows, options(seeding, 4, seed));
      std::set<double> places;
      for (int j = 0; j < 4; ++j) places.insert(seeds.row(j)[0]);

      EXPECT_EQ(places, (std::set<double>{0, 1, 2, 3})) << name_of(seeding) << ", seed " << seed;
    }
}

TEST(DrawsByMass, ReachCustomersOfTinyMass) {
  const Rows rows = {{0.0}, {1e-1}, {0.3}, {1e6}, {1e6 + 1}};
  for (Seeding seeding : by_mass)
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      std::vector<double> drawn = seeds_on(world(), rows, options(seeding, 5, seed)).values;
      std::ranges::sort(drawn);

      EXPECT_EQ(drawn, (std::vector<double>{0.0, 1e-1, 0.3, 1e6, 1e6 + 1})) << name_of(seeding) << ", seed " << seed;
    }
}

TEST(DrawsByMass, MakeOneSegmentOfAnything) {
  for (Seeding seeding : by_mass) {
    EXPECT_EQ(seeds_on(world(), {{3.0}, {3.0}, {3.0}}, options(seeding, 1)).values, std::vector{3.0});
    const double seed = seeds_on(world(), {{1.0}, {2.0}, {6.0}}, options(seeding, 1)).values.at(0);
    EXPECT_TRUE(1.0 <= seed && seed <= 6.0) << name_of(seeding);
  }
}

TEST(DrawsByMass, SaySoWhereSquaredDistancesVanish) {
  const Rows rows = {{0.0}, {1e-200}, {2e-200}};
  for (Seeding seeding : by_mass) {
    const core::Error error = error_of([&] { seeds_on(world(), rows, options(seeding, 3)); });

    EXPECT_EQ(error.code(), core::ExitCode::bad_data);
    EXPECT_THAT(error.what(), HasSubstr("squared distances vanish"));
  }
}

TEST(DrawsByMass, StartNoWorseThanPlusplusOnClusters) {
  const Rows rows = clustered_rows(1500, 4, 12, 51);
  const double plusplus = mean_inertia(rows, Seeding::plusplus, 12);

  EXPECT_LE(mean_inertia(rows, Seeding::parallel, 12), plusplus);
  EXPECT_LE(mean_inertia(rows, Seeding::greedy, 12), plusplus);
}

TEST(DrawsByMass, StartOtherwiseForOtherSeedsAndRestarts) {
  const Rows rows = clustered_rows(200, 2, 30, 52);
  for (Seeding seeding : by_mass) {
    std::set<std::vector<double>> different;
    for (std::uint64_t seed : {1u, 2u, 3u})
      for (int restart : {0, 1}) different.insert(seeds_on(world(), rows, options(seeding, 4, seed), restart).values);

    EXPECT_EQ(different.size(), 6u) << name_of(seeding);
  }
}

TEST(FetchPoints, GivesRowsInAnyOrderToAllRanks) {
  const Rows rows = support::normal_rows(11, 3, 53);

  const Centroids points = fetch_points(world(), make_matrix<double>(world(), rows), {7, 0, 10, 7});

  EXPECT_EQ(points.values, values_of({rows[7], rows[0], rows[10], rows[7]}));
}

}  // namespace cardseg::cluster
