// Restarts that know each other on their sample.
#include "cluster/seeder.hpp"

#include <gmock/gmock.h>
#include <omp.h>

#include <cmath>

#include "cardseg/cluster/fit.hpp"
#include "support/every_width.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/stopped_fits.hpp"
#include "support/world.hpp"

namespace cardseg::cluster {
namespace {

using support::clustered_rows;
using support::for_every_width;
using support::make_matrix;
using support::Rows;
using support::world;

// Of a sample of 2,000 customers.
FitOptions sampled(int segments, int restarts) {
  FitOptions chosen;
  chosen.segments = segments;
  chosen.restarts = restarts;
  chosen.seeding_sample = 2000;
  return chosen;
}

FitResult fit_on(const comm::Communicator& comm, const Rows& rows, const FitOptions& chosen, int together = 1) {
  auto matrix = make_matrix<float>(comm, rows, 1);
  core::Events silent;
  return fit_each(comm, matrix, {chosen}, silent, {nullptr, {}, together}).front();
}

int count(const FitResult& fitted, StopReason reason) {
  int found = 0;
  for (const RestartResult& each : fitted.restarts) found += each.stop == reason && each.iterations == 0 ? 1 : 0;
  return found;
}

void expect_same(const FitResult& a, const FitResult& b) {
  EXPECT_EQ(a.centroids.values, b.centroids.values);
  EXPECT_EQ(a.best_restart, b.best_restart);
  EXPECT_EQ(a.reached, b.reached);
  EXPECT_EQ(a.moves.tried, b.moves.tried);
  ASSERT_EQ(a.restarts.size(), b.restarts.size());
  for (std::size_t r = 0; r < a.restarts.size(); ++r) {
    EXPECT_EQ(a.restarts[r].course, b.restarts[r].course);
    EXPECT_EQ(a.restarts[r].stop, b.restarts[r].stop);
    EXPECT_EQ(a.restarts[r].joined, b.restarts[r].joined);
    EXPECT_EQ(a.restarts[r].inertia, b.restarts[r].inertia);
    EXPECT_EQ(a.restarts[r].seeding.states, b.restarts[r].seeding.states);
  }
}

// As if the job had been stopped while the third restart was seeded.
FitProgress two_seeded(const Rows& rows, const FitOptions& chosen) {
  auto matrix = make_matrix<float>(world(), rows);
  Seeder<float> seeder(world(), matrix);
  FitProgress begun;
  begun.restarts.resize(2);
  std::vector<const SeedingRecord*> records;
  for (int restart : {0, 1}) {
    RestartProgress& each = begun.restarts[static_cast<std::size_t>(restart)];
    each.restart = restart;
    Seeds seeds = seeder.seed(chosen, restart, records);
    EXPECT_EQ(seeds.met, -1);
    each.result.centroids = seeds.centroids;
    each.result.seeding = seeds.record;
    records.push_back(&each.result.seeding);
  }
  return progress_from_json(to_json(begun));
}

FitResult go_on(const Rows& rows, const FitOptions& chosen, const FitProgress& begun) {
  auto matrix = make_matrix<float>(world(), rows);
  core::Events silent;
  return fit_each(world(), matrix, {chosen}, silent, {nullptr, begun, 1}).front();
}

}  // namespace

TEST(Behind, IsMoreThanChanceOnTheSampleExplains) {
  EXPECT_FALSE(is_behind(103, 100, 10'000));
  EXPECT_TRUE(is_behind(103.1, 100, 10'000));
  EXPECT_FALSE(is_behind(103.1, 100, 2'500));
  EXPECT_FALSE(is_behind(0, 0, 100));
}

TEST(Seeder, KnowsWhereARestartMeetsAnEarlierOne) {
  const Rows rows = clustered_rows(9000, 3, 6, 5, 30.0);
  auto matrix = make_matrix<float>(world(), rows);
  Seeder<float> seeder(world(), matrix);

  const Seeds first = seeder.seed(sampled(6, 2), 0, {});
  const Seeds second = seeder.seed(sampled(6, 2), 1, {&first.record});

  EXPECT_EQ(first.met, -1);
  EXPECT_EQ(second.met, 0);
  EXPECT_EQ(first.record.starts, 2);
  EXPECT_EQ(second.record.starts, 1);
  EXPECT_FALSE(first.record.states.empty());
  EXPECT_GT(first.record.inertia, 0.0);
}

TEST(Seeder, SeedsAsMakeSeedsDoes) {
  const Rows rows = clustered_rows(9000, 3, 6, 5, 2.0);
  auto matrix = make_matrix<float>(world(), rows);
  for (Improve improve : {Improve::off, Improve::full}) {
    FitOptions chosen = sampled(5, 2);
    chosen.improve = improve;
    Seeder<float> seeder(world(), matrix);
    for (int restart : {0, 1})
      EXPECT_EQ(seeder.seed(chosen, restart, {}).centroids.values,
                make_seeds(world(), matrix, chosen, restart).centroids.values);
    seeder.forget();
    EXPECT_EQ(seeder.seed(chosen, 1, {}).centroids.values, make_seeds(world(), matrix, chosen, 1).centroids.values);
  }
}

TEST(KnownRestarts, OfClearGroupsAreOneFitOnAllCustomers) {
  const Rows rows = clustered_rows(9000, 3, 6, 5, 30.0);

  const FitResult found = fit_on(world(), rows, sampled(6, 4));

  EXPECT_EQ(count(found, StopReason::joined), 3);
  EXPECT_EQ(found.reached, 4);
  EXPECT_EQ(found.best_restart, 0);
  EXPECT_EQ(found.moves.tried, 0);
  for (const RestartResult& each : found.restarts) EXPECT_EQ(each.inertia, found.best().inertia);
}

TEST(KnownRestarts, GiveTheSameBytesOnAllRanksThreadsWidthsAndHoweverManyShareAPass) {
  const Rows rows = clustered_rows(9001, 3, 17, 8, 6.0);
  const FitOptions chosen = sampled(12, 6);
  const FitResult alone = fit_on({}, rows, chosen);

  for_every_width([&](const std::string&) { expect_same(fit_on(world(), rows, chosen), alone); });
  omp_set_num_threads(3);
  expect_same(fit_on(world(), rows, chosen), alone);
  omp_set_num_threads(1);
  for (int together : {2, 7}) expect_same(fit_on(world(), rows, chosen, together), alone);
}

// Two starts on 16,384 customers about, the better one on all of 25,000.
TEST(KnownRestarts, GiveTheSameBytesOnAllRanksWhereTheSampleHasTwoLevels) {
  const Rows rows = clustered_rows(100'001, 2, 5, 8, 4.0);
  FitOptions chosen = sampled(4, 3);
  chosen.seeding_sample = 25'000;
  const FitResult alone = fit_on({}, rows, chosen);

  expect_same(fit_on(world(), rows, chosen), alone);

  EXPECT_NEAR(static_cast<double>(alone.restarts[0].seeding.customers), 25'000, 1000);
  EXPECT_EQ(alone.restarts[0].seeding.states.size(), 3u);
}

TEST(KnownRestarts, GoOnWhereTheyWereStopped) {
  const Rows rows = clustered_rows(9001, 3, 17, 8, 6.0);
  std::vector<FitOptions> both{sampled(12, 5), sampled(6, 3)};
  const FitResult expected[] = {fit_on({}, rows, both[0]), fit_on({}, rows, both[1])};
  for (int iterations : {1, 2, 5}) {
    int jobs = 0;
    const std::vector<FitResult> found = support::fit_in_jobs<float>(rows, both, iterations, jobs);
    EXPECT_GT(jobs, 1);
    expect_same(found[0], expected[0]);
    expect_same(found[1], expected[1]);
  }
}

TEST(KnownRestarts, GoOnFromSeedsOfSome) {
  const Rows rows = clustered_rows(9001, 3, 17, 8, 1.0);
  const FitOptions chosen = sampled(12, 5);

  expect_same(go_on(rows, chosen, two_seeded(rows, chosen)), fit_on({}, rows, chosen));
}

TEST(KnownRestarts, ThatAreBehindOnTheSampleHaveNoInertiaAndAreNotCounted) {
  const Rows rows = clustered_rows(9001, 3, 17, 8, 1.0);
  const FitOptions chosen = sampled(12, 3);
  FitProgress begun = two_seeded(rows, chosen);
  begun.restarts[0].result.seeding.inertia *= 1.1;  // of 2,000 customers; 6.7 % could be chance

  const FitResult found = go_on(rows, chosen, begun);

  EXPECT_EQ(found.restarts[0].stop, StopReason::behind);
  EXPECT_EQ(found.restarts[0].iterations, 0);
  EXPECT_TRUE(std::isinf(found.restarts[0].inertia));
  EXPECT_GT(found.best_restart, 0);
  EXPECT_LE(found.reached, 2);
  EXPECT_GT(found.restarts[1].iterations, 0);
}

TEST(KnownRestarts, CopeWithFewDistinctCustomersAndOneFeature) {
  Rows rows;
  for (int i = 0; i < 9000; ++i) rows.push_back({static_cast<double>((i * i) % 12)});  // 0, 1, 4, 9
  for (int segments : {2, 3, 4}) {
    const FitResult found = fit_on(world(), rows, sampled(segments, 3));
    expect_same(found, fit_on({}, rows, sampled(segments, 3)));
    EXPECT_TRUE(segments < 4 || found.best().inertia < 1e-9);
  }
}

}  // namespace cardseg::cluster
