// Moves behind the restarts of a fit, and restarts that know each other.
#include "cluster/trials.hpp"

#include <gmock/gmock.h>
#include <omp.h>

#include <vector>

#include "cardseg/cluster/fit.hpp"
#include "cluster/state_key.hpp"
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

RestartProgress done(int restart, double inertia) {
  RestartProgress each;
  each.restart = restart;
  each.is_finished = true;
  each.result.inertia = inertia;
  return each;
}

std::vector<const RestartProgress*> pointers(const std::vector<RestartProgress>& all) {
  std::vector<const RestartProgress*> to;
  for (const RestartProgress& each : all) to.push_back(&each);
  return to;
}

FitOptions full(int segments, int restarts = 2) {
  FitOptions chosen;
  chosen.seeding = Seeding::plusplus;
  chosen.improve = Improve::full;
  chosen.segments = segments;
  chosen.restarts = restarts;
  return chosen;
}

FitResult fit_on(const comm::Communicator& comm, const Rows& rows, const FitOptions& chosen, int together = 1) {
  auto matrix = make_matrix<float>(comm, rows);
  core::Events silent;
  return fit_each(comm, matrix, {chosen}, silent, {nullptr, {}, together}).front();
}

void expect_same(const FitResult& a, const FitResult& b) {
  EXPECT_EQ(a.centroids.values, b.centroids.values);
  EXPECT_EQ(a.best_restart, b.best_restart);
  EXPECT_EQ(a.iterations, b.iterations);
  EXPECT_EQ(a.stop, b.stop);
  EXPECT_EQ(a.reached, b.reached);
  EXPECT_EQ(a.moves.tried, b.moves.tried);
  EXPECT_EQ(a.moves.accepted, b.moves.accepted);
  EXPECT_EQ(a.moves.gained, b.moves.gained);
  for (std::size_t r = 0; r < a.restarts.size(); ++r) {
    EXPECT_EQ(a.restarts[r].course, b.restarts[r].course);
    EXPECT_EQ(a.restarts[r].stop, b.restarts[r].stop);
    EXPECT_EQ(a.restarts[r].joined, b.restarts[r].joined);
    EXPECT_EQ(a.restarts[r].inertia, b.restarts[r].inertia);
    EXPECT_EQ(a.restarts[r].centroids.values, b.restarts[r].centroids.values);
  }
}

}  // namespace

TEST(Trials, FollowTheLeastInertia) {
  const std::vector<RestartProgress> all = {done(0, 8), done(1, 6), done(2, 6), done(3, 7), done(4, 3), done(5, 3)};

  const Trials trials = follow_trials(full(4, 3), pointers(all));

  EXPECT_EQ(trials.best, &all[4]);
  EXPECT_EQ(trials.best_restart, 1);
  EXPECT_EQ(trials.moves.tried, 3);
  EXPECT_EQ(trials.moves.accepted, 1);
  EXPECT_DOUBLE_EQ(trials.moves.gained, 0.5);
}

TEST(Trials, CountPassesFromTheSeedsOfTheBestRestartThroughTheMovesThatWereAccepted) {
  std::vector<RestartProgress> all = {done(0, 8), done(1, 6), done(2, 7), done(3, 3)};
  for (RestartProgress& each : all) each.result.iterations = 10 + each.restart;

  EXPECT_EQ(follow_trials(full(4, 2), pointers(all)).iterations, 11 + 13);
  all.pop_back();
  EXPECT_EQ(follow_trials(full(4, 2), pointers(all)).iterations, 11);
}

TEST(Trials, CountRestartsThatEndedNearTheLeastInertia) {
  EXPECT_EQ(count_reached({100, 100.009, 100.02}, 100), 2);
  EXPECT_EQ(count_reached({100, 100.009, 100.02}, 99.995), 1);
  EXPECT_EQ(count_reached({100, 100.009, 100.02}, 50), 0);
}

TEST(Trials, AreNeededWhereMostRestartsDoNotAgree) {
  const auto is_agreed = [](const std::vector<RestartProgress>& all) {
    return follow_trials(full(4, 3), pointers(all)).is_agreed;
  };

  EXPECT_TRUE(is_agreed({done(0, 100), done(1, 100.00001), done(2, 100)}));
  EXPECT_TRUE(is_agreed({done(0, 100), done(1, 100.001), done(2, 100)}));
  EXPECT_FALSE(is_agreed({done(0, 100), done(1, 100.001), done(2, 100.001)}));
}

TEST(Trials, NarrowWithEachThatFailsAndEnd) {
  const FitOptions options = full(9, 1);
  std::vector<RestartProgress> all = {done(0, 8)};
  const auto next = [&] { return next_move(options, follow_trials(options, pointers(all))); };

  EXPECT_TRUE(next()->is_split);
  all.push_back(done(1, 7));
  EXPECT_TRUE(next()->is_split);
  all.push_back(done(2, 7));
  EXPECT_FALSE(next()->is_split);
  EXPECT_EQ(next()->width, 3);
  all.push_back(done(3, 7.5));
  EXPECT_EQ(next()->width, 2);
  all.push_back(done(4, 7));
  EXPECT_EQ(next()->width, 1);
  all.push_back(done(5, 7));
  EXPECT_FALSE(next());
}

TEST(Trials, AreNotMadeWhereTheyAreOffOrCannotGain) {
  const std::vector<RestartProgress> exact = {done(0, 0.0)};
  const std::vector<RestartProgress> some = {done(0, 8.0)};
  const std::vector<RestartProgress> agreed = {done(0, 8.0), done(1, 8.0)};
  FitOptions off = full(4, 1);
  off.improve = Improve::sample;
  FitOptions given = full(4, 1);
  given.seeding = Seeding::file;

  EXPECT_FALSE(next_move(full(4, 1), follow_trials(full(4, 1), pointers(exact))));
  EXPECT_FALSE(next_move(full(4, 2), follow_trials(full(4, 2), pointers(agreed))));
  EXPECT_FALSE(next_move(off, follow_trials(off, pointers(some))));
  EXPECT_FALSE(next_move(given, follow_trials(given, pointers(some))));
  EXPECT_TRUE(next_move(full(2, 1), follow_trials(full(2, 1), pointers(some))));
}

TEST(Trials, AreFutileWhereTheyFallTooSlowly) {
  RestartResult trial;
  trial.course = {20, 15, 14};
  trial.inertia = 14;

  EXPECT_FALSE(is_futile(trial, 4));
  EXPECT_TRUE(is_futile(trial, 3.9));
  EXPECT_FALSE(is_futile(trial, 14.5));  // it has fallen below
  trial.course = {20, 14};
  EXPECT_FALSE(is_futile(trial, 1));
}

TEST(StateKey, IsThatOfTheGroupingWhateverTheNumbers) {
  SegmentSums sums(2, 2);
  const std::int64_t first[] = {5, -7};
  const std::int64_t second[] = {1, 2};
  sums.move(first, -1, 0);
  sums.move(second, -1, 1);
  SegmentSums renumbered(2, 2);
  renumbered.move(first, -1, 1);
  renumbered.move(second, -1, 0);
  SegmentSums other(2, 2);
  other.move(first, -1, 0);
  other.move(second, -1, 0);

  EXPECT_EQ(state_key(sums), state_key(renumbered));
  EXPECT_NE(state_key(sums), state_key(other));
}

TEST(Moves, FindGroupsThatRestartsMissed) {
  const Rows rows = clustered_rows(3000, 2, 24, 5, 30.0);
  FitOptions off = full(24);
  off.improve = Improve::off;

  const FitResult moved = fit_on(world(), rows, full(24));
  const FitResult unmoved = fit_on(world(), rows, off);

  EXPECT_LT(moved.best().inertia, 0.9 * unmoved.best().inertia);
  EXPECT_GE(moved.moves.accepted, 1);
  EXPECT_NEAR(moved.best().inertia, (1 - moved.moves.gained) * unmoved.best().inertia, 1e-9 * unmoved.best().inertia);
  EXPECT_EQ(moved.best().centroids.values, moved.centroids.values);
  EXPECT_EQ(moved.restarts.size(), 2u);
}

TEST(Moves, GiveTheSameBytesOnAllRanksThreadsWidthsAndHoweverManyShareAPass) {
  const Rows rows = clustered_rows(2003, 3, 15, 8, 9.0);
  const FitResult alone = fit_on({}, rows, full(14, 3));
  EXPECT_GE(alone.moves.accepted, 1);

  for_every_width([&](const std::string&) { expect_same(fit_on(world(), rows, full(14, 3)), alone); });
  omp_set_num_threads(3);
  expect_same(fit_on(world(), rows, full(14, 3)), alone);
  omp_set_num_threads(1);
  for (int together : {2, 5}) expect_same(fit_on(world(), rows, full(14, 3), together), alone);
}

TEST(Moves, CopeWithFewDistinctCustomersAndOneFeature) {
  Rows rows;
  for (int i = 0; i < 300; ++i) rows.push_back({static_cast<double>((i * i) % 12)});  // 0, 1, 4, 9
  for (int segments : {2, 3, 4}) {
    const FitResult found = fit_on(world(), rows, full(segments));
    expect_same(found, fit_on({}, rows, full(segments)));
    EXPECT_TRUE(segments < 4 || found.best().inertia < 1e-9);
  }
}

TEST(Moves, EndWhereTheyMeetAnEarlierGrouping) {
  const Rows rows = clustered_rows(2003, 3, 15, 8, 3.0);
  core::Events silent;

  int joined = 0;
  for (int segments : {3, 5, 7}) {
    auto matrix = make_matrix<float>(world(), rows);
    support::StopAfter never(1 << 20);
    const FitResult found = fit_each(world(), matrix, {full(segments, 1)}, silent, {&never, {}, 1}).front();
    for (const RestartProgress& each : progress_from_json(never.text).restarts) {
      if (each.restart == 0 || each.result.stop != StopReason::joined) continue;
      ++joined;
      EXPECT_LT(each.result.joined, each.restart);
      EXPECT_GE(each.result.inertia, found.best().inertia);
    }
  }

  EXPECT_GE(joined, 1);
}

TEST(Restarts, EndWhereTheyMeetAnEarlierOneAndCountAsIt) {
  const Rows rows = clustered_rows(2000, 2, 3, 21, 6.0);

  FitOptions chosen = full(3, 12);
  chosen.improve = Improve::sample;

  const FitResult found = fit_on(world(), rows, chosen);

  int joined = 0;
  for (const RestartResult& each : found.restarts) {
    EXPECT_EQ(each.joined >= 0, each.stop == StopReason::joined);
    if (each.joined < 0) continue;
    ++joined;
    EXPECT_EQ(each.inertia, found.restarts[static_cast<std::size_t>(each.joined)].inertia);
  }
  EXPECT_GE(joined, 1);
  EXPECT_GE(found.reached, 2);
  for (int together : {3, 12}) expect_same(fit_on(world(), rows, chosen, together), found);
}

// All but one customer lie on one point of the exact grid: segments empty and are refilled for ever.
TEST(Restarts, EndWhereGroupingsRepeatBelowTheGrid) {
  Rows rows = {{1.0}};
  for (int i = 0; i < 50; ++i) rows.push_back({1e-20 * i});
  FitOptions chosen = full(4, 1);
  chosen.improve = Improve::off;
  chosen.seeding = Seeding::first;
  auto matrix = make_matrix<double>(world(), rows);
  core::Events silent;

  const FitResult found = fit(world(), matrix, chosen, silent);

  EXPECT_EQ(found.restarts[0].stop, StopReason::repeated);
  EXPECT_LT(found.restarts[0].iterations, 20);
}

}  // namespace cardseg::cluster
