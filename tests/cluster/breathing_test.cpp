// Moves of centroids between segments.
#include "cluster/breathing.hpp"

#include <gmock/gmock.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/cluster/seeding.hpp"
#include "cluster/removal_costs.hpp"
#include "cluster/settle.hpp"
#include "support/every_width.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/world.hpp"

namespace cardseg::cluster {
namespace {

using support::clustered_rows;
using support::for_every_width;
using support::make_matrix;
using support::normal_rows;
using support::Rows;
using support::world;

// `groups` clear groups on a line, of sizes that differ.
Rows groups_on_a_line(int groups, std::size_t customers, int features) {
  Rows rows = normal_rows(customers, features, 3);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i][0] += 40.0 * static_cast<double>((i * i) % groups);
  return rows;
}

// The first of these rows.
Centroids first_rows(const Rows& rows, int segments) {
  Centroids centroids(segments, static_cast<int>(rows.front().size()));
  for (int j = 0; j < segments; ++j) std::ranges::copy(rows[static_cast<std::size_t>(j)], centroids.row(j));
  return centroids;
}

FitOptions options() {
  FitOptions chosen;
  chosen.max_iterations = 100;
  chosen.tolerance = 1e-6;
  return chosen;
}

struct Improved {
  RestartResult before;
  RestartResult after;
  MoveTally moves;
};

// From `start` to its fixed point, and from there, at most to the grouping `end`.
template <class T = float>
Improved improved(const comm::Communicator& comm, const Rows& rows, const Centroids& start, std::uint64_t end = 0) {
  auto matrix = make_matrix<T>(comm, rows);
  const Basis basis = make_basis(comm, matrix);
  core::Events silent;
  const FitSetting<T> setting{comm, matrix, basis, silent};
  Improved found;
  found.before = settle(setting, options(), start);
  const auto all = make_matrix<T>({}, rows);
  const core::RowRandom random(7, core::Purpose::improving, 2);
  const KnownStates known = [&](std::uint64_t state) { return state == end; };
  found.after = improve(setting, options(), found.before, {all, random, known}, found.moves);
  return found;
}

void expect_equal(const Improved& a, const Improved& b) {
  EXPECT_EQ(a.after.centroids.values, b.after.centroids.values);
  EXPECT_EQ(a.after.inertia, b.after.inertia);
  EXPECT_EQ(a.moves.tried, b.moves.tried);
  EXPECT_EQ(a.moves.accepted, b.moves.accepted);
}

}  // namespace

TEST(RemovalCosts, AreTheLesserOfWhatCustomersAreFartherAndOfAMerge) {
  const Rows rows = clustered_rows(777, 3, 5, 12);
  const Centroids centroids = first_rows(rows, 6);
  auto matrix = make_matrix<double>(world(), rows);
  const Basis basis = make_basis(world(), matrix);
  core::Events silent;

  const std::vector<Removal> removals = removal_costs<double>({world(), matrix, basis, silent}, centroids);

  std::vector<double> expected(6);
  std::vector<double> customers(6);
  for (const std::vector<double>& row : rows) {
    double least = HUGE_VAL;
    double second = HUGE_VAL;
    std::size_t segment = 0;
    for (int j = 0; j < 6; ++j) {
      const double distance = squared_distance(row.data(), centroids.row(j), 3);
      if (distance < least) {
        second = std::exchange(least, distance);
        segment = static_cast<std::size_t>(j);
      } else {
        second = std::min(second, distance);
      }
    }
    expected[segment] += second - least;
    customers[segment] += 1;
  }
  int merged = 0;
  for (int j = 0; j < 6; ++j) {
    const auto at = static_cast<std::size_t>(j);
    double least = HUGE_VAL;
    for (int other = 0; other < 6; ++other) {
      const double theirs = customers[static_cast<std::size_t>(other)];
      if (other == j) continue;
      least = std::min(least, squared_distance(centroids.row(j), centroids.row(other), 3) * customers[at] * theirs /
                                  (customers[at] + theirs));
    }
    merged += least < expected[at];
    EXPECT_NEAR(removals[at].cost, std::min(least, expected[at]), 1e-9 * expected[at]);
  }
  EXPECT_GT(merged, 0);
  EXPECT_LT(merged, 6);
}

TEST(RemovalCosts, SpareNobodyForASegmentWithoutCustomers) {
  Centroids means(3, 1);
  means.values = {0, 1, 5};

  const std::vector<Removal> removals = merge_costs(means, {2, 0, 4});

  EXPECT_EQ(removals[0].neighbour, 2);
  EXPECT_DOUBLE_EQ(removals[0].cost, 25.0 * 8 / 6);
  EXPECT_EQ(removals[1].neighbour, -1);
  EXPECT_EQ(removals[1].cost, 0.0);
}

TEST(RemovalCosts, AreTheSameOnAllRanksThreadsAndVectorWidths) {
  const Rows rows = clustered_rows(5003, 4, 9, 2);
  const auto costs_on = [&](const comm::Communicator& comm) {
    auto matrix = make_matrix<float>(comm, rows);
    const Basis basis = make_basis(comm, matrix);
    core::Events silent;
    std::vector<double> costs;
    for (const Removal& each : removal_costs<float>({comm, matrix, basis, silent}, first_rows(rows, 11)))
      costs.push_back(each.cost);
    return costs;
  };

  const std::vector<double> alone = costs_on({});

  for_every_width([&](const std::string&) { EXPECT_EQ(costs_on(world()), alone); });
  omp_set_num_threads(3);
  EXPECT_EQ(costs_on(world()), alone);
  omp_set_num_threads(1);
}

TEST(Improve, FindsGroupsThatTheFirstCentroidsMissed) {
  const Rows rows = groups_on_a_line(11, 3000, 3);
  Rows lopsided;  // all first centroids are of two groups
  for (const std::vector<double>& row : rows)
    if (row[0] < 60) lopsided.push_back(row);
  const Improved found = improved(world(), rows, first_rows(lopsided, 6));

  // (i * i) % 11 takes six values: each has a centroid now, and only noise of variance 1 is left
  EXPECT_GT(found.before.inertia, 10 * found.after.inertia);
  EXPECT_LT(found.after.inertia, 3000 * 3 * 1.1);
  EXPECT_GE(found.moves.accepted, 1);
  EXPECT_LE(found.moves.accepted, found.moves.tried);
  EXPECT_NEAR(found.moves.gained, 1 - found.after.inertia / found.before.inertia, 1e-12);
}

// Two groups five deviations apart in fifty dimensions: a customer that is drawn is nearest to itself alone.
TEST(Improve, PartsGroupsThatTouchInManyDimensions) {
  Rows rows = normal_rows(1200, 50, 5);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i][i % 6] += 3.7;
  Centroids start(6, 50);  // two groups share one, and two centroids share a group
  start.row(0)[0] = start.row(0)[1] = 1.85;
  for (int j = 2; j < 6; ++j) start.row(j)[j] = 3.7;
  start.row(1)[2] = 3.7;
  start.row(1)[6] = 0.5;
  start.row(2)[6] = -0.5;

  const Improved found = improved(world(), rows, start);

  EXPECT_GT(found.before.inertia, 1.02 * 1200 * 50);
  EXPECT_LT(found.after.inertia, 1.01 * 1200 * 50);
}

TEST(Improve, TriesNothingWhereEveryClearGroupHasItsCentroid) {
  const Rows rows = groups_on_a_line(4, 800, 2);  // at 0 and 40
  Centroids start(2, 2);
  start.row(1)[0] = 40.0;

  const Improved found = improved(world(), rows, start);

  EXPECT_EQ(found.moves.tried, 0);
  EXPECT_EQ(found.after.inertia, found.before.inertia);
}

TEST(Improve, GivesTheSameBytesOnAllRanksThreadsAndVectorWidths) {
  const Rows rows = clustered_rows(4001, 3, 17, 8, 6.0);
  const Centroids start = first_rows(rows, 16);
  const Improved alone = improved<float>({}, rows, start);
  EXPECT_GE(alone.moves.accepted, 1);

  for_every_width([&](const std::string&) { expect_equal(improved<float>(world(), rows, start), alone); });
  omp_set_num_threads(3);
  expect_equal(improved<float>(world(), rows, start), alone);
  omp_set_num_threads(1);
  expect_equal(improved<double>(world(), rows, start), improved<double>({}, rows, start));
}

TEST(Improve, EndsWhereSomebodyHasBeen) {
  const Rows rows = clustered_rows(4001, 3, 17, 8, 6.0);
  const Centroids start = first_rows(rows, 16);
  const Improved whole = improved<float>(world(), rows, start);

  const Improved met = improved<float>(world(), rows, start, whole.after.states.back());

  EXPECT_EQ(met.after.centroids.values, whole.after.centroids.values);
  EXPECT_EQ(met.moves.accepted, whole.moves.accepted);
  EXPECT_LT(met.moves.tried, whole.moves.tried);  // without those that gained nothing behind it
}

TEST(Improve, EndsWhereEveryDistinctCustomerHasACentroid) {
  Rows rows;  // 7 places, many customers each
  for (int i = 0; i < 500; ++i) rows.push_back({static_cast<double>((i * i) % 12), 1.0});
  const std::set<std::vector<double>> distinct(rows.begin(), rows.end());
  const Rows places(distinct.begin(), distinct.end());

  for (int spare : {0, 1, 2}) {
    const int segments = static_cast<int>(places.size()) - spare;
    const Improved found = improved(world(), rows, first_rows(places, segments));

    expect_equal(found, improved<float>({}, rows, first_rows(places, segments)));
    EXPECT_LE(found.after.inertia, found.before.inertia);
    EXPECT_TRUE(spare > 0 || found.after.inertia == 0.0);
  }
}

TEST(Improve, CopesWithTiesOneFeatureAndEmptiedSegments) {
  Rows rows;  // a lattice: distances tie everywhere, and centroids far away have nobody at first
  for (int i = 0; i < 400; ++i) rows.push_back({static_cast<double>(i % 40)});
  Centroids start = first_rows(rows, 8);
  start.values[6] = start.values[7] = 1e6;

  const Improved found = improved(world(), rows, start);

  expect_equal(found, improved<float>({}, rows, start));
  EXPECT_LE(found.after.inertia, 900);  // 800: eight runs of five places, ten customers each
}

TEST(Improve, TriesNothingWithOneSegment) {
  const Rows rows = normal_rows(100, 2, 5);

  EXPECT_EQ(improved(world(), rows, first_rows(rows, 1)).moves.tried, 0);
}

TEST(Breathe, KeepsTheNumberOfSegments) {
  const Rows rows = clustered_rows(900, 2, 9, 4);
  auto matrix = make_matrix<float>(world(), rows);
  const Basis basis = make_basis(world(), matrix);
  core::Events silent;
  const core::RowRandom random(1, core::Purpose::improving, 0);

  const Centroids start = first_rows(rows, 2);
  const FitSetting<float> setting{world(), matrix, basis, silent};

  for (int width = 1; width <= widest_breath; ++width)
    EXPECT_EQ(breathe<float>(setting, options(), start, {width, nullptr, &random, 3})->segments, 2);

  const Splits splits = find_splits(make_matrix<float>({}, rows), start);
  for (int width : {1, 2})
    EXPECT_EQ(breathe<float>(setting, options(), start, {width, &splits, nullptr, 0})->segments, 2);
}

}  // namespace cardseg::cluster
