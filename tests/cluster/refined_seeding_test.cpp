// Seeding::refined.
#include <gmock/gmock.h>
#include <omp.h>

#include "cardseg/cluster/refined_seeding.hpp"

#include "cardseg/cluster/fit.hpp"
#include "support/every_width.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/world.hpp"

namespace cardseg::cluster {
namespace {

using support::clustered_rows;
using support::for_every_width;
using support::make_matrix;
using support::Rows;
using support::world;

constexpr std::int64_t enough = 4 * 65536;  // customers, from which on a sample is drawn

FitOptions options(int segments, Seeding seeding = Seeding::refined) {
  FitOptions chosen;
  chosen.seeding = seeding;
  chosen.segments = segments;
  chosen.improve = Improve::off;
  chosen.restarts = 1;
  chosen.seed = 9;
  return chosen;
}

FitOptions improving(int segments) {
  FitOptions chosen = options(segments);
  chosen.improve = Improve::sample;
  return chosen;
}

template <class T>
Centroids make_seeds_of(const comm::Communicator& comm, const Rows& rows, const FitOptions& chosen, int restart = 0) {
  auto matrix = make_matrix<T>(comm, rows);
  return make_seeds(comm, matrix, chosen, restart).centroids;
}

template <class T = float>
Centroids seeds_on(const comm::Communicator& comm, const Rows& rows, const FitOptions& chosen, int restart = 0) {
  auto matrix = make_matrix<T>(comm, rows, 1);
  return make_seeds(comm, matrix, chosen, restart).centroids;
}

}  // namespace

TEST(RefiningSample, HasEnoughCustomersForEachSegmentAndFewOfAll) {
  EXPECT_EQ(refining_sample(options(8), enough - 1, 2), 0);
  EXPECT_EQ(refining_sample(options(8), enough, 12), 65536);
  EXPECT_EQ(refining_sample(options(8), 100'000'000, 20), 65536);
  EXPECT_EQ(refining_sample(options(8), 1'000'000, 100), 0);  // its features would take too much memory
  EXPECT_EQ(refining_sample(options(8), 2'228'224, 100), 65536);
  EXPECT_EQ(refining_sample(options(1000), 1'000'000, 10), 0);
  EXPECT_EQ(refining_sample(options(1000), 1'024'000, 10), 256'000);
  EXPECT_EQ(refining_sample(options(1), 1'000'000, 2), 0);
  EXPECT_EQ(refining_sample(options(8, Seeding::plusplus), 1'000'000, 2), 0);
}

TEST(RefiningSample, IsSmallerOrEverybodyWhereItIsImproved) {
  EXPECT_EQ(refining_sample(improving(8), 1'000'000, 20), 65536);
  EXPECT_EQ(refining_sample(improving(8), enough - 1, 2), 65535);
  EXPECT_EQ(refining_sample(improving(8), 65537, 2), 16384);
  EXPECT_EQ(refining_sample(improving(8), 65536, 2), 65536);
  EXPECT_EQ(refining_sample(improving(8), 9, 2), 9);
  EXPECT_EQ(refining_sample(improving(8), 1'000'000, 100), 29411);
  EXPECT_EQ(refining_sample(improving(1000), 1'000'000, 100), 0);  // 29 customers a segment would say little
  EXPECT_EQ(refining_sample(improving(1), 1'000'000, 2), 0);
}

TEST(RefinedSeeding, IsKMeansPlusPlusWhereCustomersAreFew) {
  const Rows rows = clustered_rows(500, 3, 4, 3);

  EXPECT_EQ(seeds_on(world(), rows, options(4), 2).values,
            make_seeds_of<float>({}, rows, options(4, Seeding::plusplus), 2).values);
}

TEST(RefinedSeeding, RefinesASmallPortfolioWhereTheSampleIsSmall) {
  const Rows rows = clustered_rows(8200, 3, 5, 11, 1.5);
  FitOptions chosen = options(5);
  chosen.seeding_sample = 2000;

  const Centroids seeds = seeds_on(world(), rows, chosen, 1);

  EXPECT_EQ(refining_sample(chosen, 8200, 3), 2000);
  EXPECT_EQ(seeds.values, seeds_on({}, rows, chosen, 1).values);
  EXPECT_NE(seeds.values, seeds_on({}, rows, options(5), 1).values);  // which draws no sample of so few
}

TEST(RefinedSeeding, IsTheSameBytesOnAllRanksThreadsAndVectorWidths) {
  const Rows rows = clustered_rows(enough + 77, 2, 6, 17, 2.0);
  for (int restart : {0, 3}) {
    const Centroids alone = seeds_on({}, rows, options(6), restart);
    for_every_width(
        [&](const std::string&) { EXPECT_EQ(seeds_on(world(), rows, options(6), restart).values, alone.values); });
    omp_set_num_threads(world().size() == 1 ? 3 : 2);
    EXPECT_EQ(seeds_on(world(), rows, options(6), restart).values, alone.values);
    omp_set_num_threads(1);
  }
}

TEST(RefinedSeeding, DrawsOtherSeedsForOtherRestartsAndSamplesForOtherSeeds) {
  const Rows rows = clustered_rows(enough, 2, 9, 4, 1.0);
  auto matrix = make_matrix<double>(world(), rows);
  FitOptions other = options(9);
  other.seed = 10;

  const Centroids first = make_seeds(world(), matrix, options(9), 0).centroids;

  EXPECT_NE(make_seeds(world(), matrix, options(9), 1).centroids.values, first.values);
  EXPECT_NE(make_seeds(world(), matrix, other, 0).centroids.values, first.values);
  EXPECT_EQ(make_seeds(world(), matrix, options(9), 0).centroids.values, first.values);
}

TEST(RefinedSeeding, StartsNearWhereAFitEnds) {
  const Rows rows = clustered_rows(enough, 3, 8, 21, 2.0);
  auto matrix = make_matrix<float>(world(), rows);
  core::Events silent;

  const FitResult refined = fit(world(), matrix, options(8), silent);
  const FitResult drawn = fit(world(), matrix, options(8, Seeding::plusplus), silent);

  const auto first_step = [](const FitResult& fitted) {
    return fitted.best().course.front() / fitted.best().inertia - 1;
  };
  EXPECT_LT(first_step(refined), first_step(drawn) / 10);
  EXPECT_EQ(refined.best().stop, StopReason::fixed_point);
}

TEST(RefinedSeeding, LeavesFitsThatGoOnAndFitsSideBySideTheSame) {
  const Rows rows = clustered_rows(4 * 70'000, 2, 6, 31, 1.5);
  auto matrix = make_matrix<float>(world(), rows);
  std::vector<FitOptions> both{options(5), options(270)};  // the second has a larger sample
  for (FitOptions& each : both) {
    each.restarts = 2;
    each.max_iterations = 3;
  }
  core::Events silent;

  const std::vector<FitResult> in_turn = fit_each(world(), matrix, both, silent);
  const std::vector<FitResult> together = fit_each(world(), matrix, both, silent, {nullptr, {}, 3});
  // As if stopped while the second restart was at work: the third and fourth are seeded after that.
  FitProgress begun;
  for (int restart : {0, 1})
    begun.restarts.push_back({0, restart, 0, restart == 0, in_turn[0].restarts[static_cast<std::size_t>(restart)], {}});
  begun.restarts[1].result = {};
  begun.restarts[1].result.centroids = make_seeds(world(), matrix, both[0], 1).centroids;
  const std::vector<FitResult> resumed = fit_each(world(), matrix, both, silent, {nullptr, begun, 1});

  for (std::size_t fit = 0; fit < both.size(); ++fit) {
    EXPECT_EQ(together[fit].centroids.values, in_turn[fit].centroids.values);
    EXPECT_EQ(resumed[fit].centroids.values, in_turn[fit].centroids.values);
    for (std::size_t r = 0; r < 2; ++r) EXPECT_EQ(resumed[fit].restarts[r].inertia, in_turn[fit].restarts[r].inertia);
  }
}

TEST(RefinedSeeding, ImprovesToTheSameBytesOnAllRanksThreadsAndVectorWidths) {
  const Rows rows = clustered_rows(66'000, 2, 12, 17, 9.0);
  for (std::int64_t sample : {65'536, 4'000, 66'000}) {
    FitOptions chosen = improving(12);
    chosen.seeding_sample = sample;
    const Centroids alone = seeds_on({}, rows, chosen, 1);
    for_every_width(
        [&](const std::string&) { EXPECT_EQ(seeds_on(world(), rows, chosen, 1).values, alone.values) << sample; });
    omp_set_num_threads(2);
    EXPECT_EQ(seeds_on(world(), rows, chosen, 1).values, alone.values) << sample;
    omp_set_num_threads(1);
  }
}

TEST(RefinedSeeding, RecordsWhatRan) {
  const Rows rows = clustered_rows(8200, 3, 5, 11, 1.5);
  auto matrix = make_matrix<float>(world(), rows);
  FitOptions sampled = improving(9);
  sampled.seeding_sample = 2000;

  const SeedingRecord on_all = make_seeds(world(), matrix, improving(9), 0).record;
  const SeedingRecord on_sample = make_seeds(world(), matrix, sampled, 0).record;
  const SeedingRecord fallen_back = make_seeds(world(), matrix, options(5), 0).record;

  EXPECT_EQ(on_all.drawn, Seeding::greedy);
  EXPECT_EQ(on_all.customers, 8200);
  EXPECT_GT(on_all.moves.tried, 0);
  EXPECT_EQ(on_sample.drawn, Seeding::greedy);
  EXPECT_NEAR(static_cast<double>(on_sample.customers), 2000, 200);
  EXPECT_EQ(fallen_back.drawn, Seeding::plusplus);
  EXPECT_EQ(fallen_back.customers, 8200);
  EXPECT_EQ(fallen_back.moves.tried, 0);
}

TEST(RefinedSeeding, SeedsOnAllCustomersWhereTooFewOfTheSampleDiffer) {
  Rows rows(enough, {1.0});
  rows[5] = {2.0};
  rows[enough - 2] = {3.0};

  EXPECT_EQ(seeds_on(world(), rows, options(3)).values,
            make_seeds_of<float>({}, rows, options(3, Seeding::plusplus)).values);
}

}  // namespace cardseg::cluster
