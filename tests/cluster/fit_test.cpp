#include "cardseg/cluster/fit.hpp"

#include <gmock/gmock.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "cardseg/cluster/assigner.hpp"
#include "cardseg/cluster/nearest.hpp"
#include "cluster/refill.hpp"
#include "support/every_width.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/reduced.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"

namespace cardseg::cluster {
namespace {

using core::ExitCode;
using support::clustered_rows;
using support::error_of;
using support::for_every_width;
using support::make_matrix;
using support::normal_rows;
using support::reduced;
using support::Rows;
using support::world;
using testing::ElementsAre;
using testing::HasSubstr;

FitOptions options(Seeding seeding, int segments) {
  FitOptions chosen;
  chosen.seeding = seeding;
  chosen.segments = segments;
  chosen.restarts = 3;
  chosen.seed = 5;
  return chosen;
}

Centroids centroids_of(const Rows& rows) {
  Centroids centroids(static_cast<int>(rows.size()), static_cast<int>(rows.front().size()));
  for (int j = 0; j < centroids.segments; ++j) std::ranges::copy(rows[static_cast<std::size_t>(j)], centroids.row(j));
  return centroids;
}

template <class T = double>
FitResult fit_on(const comm::Communicator& comm, const Rows& rows, const FitOptions& chosen) {
  core::Events silent;
  auto matrix = make_matrix<T>(comm, rows, 2);
  return fit(comm, matrix, chosen, silent);
}

FitResult fit_from(const comm::Communicator& comm, const Rows& rows, const Rows& start, int max_iterations = 300) {
  FitOptions chosen = options(Seeding::file, static_cast<int>(start.size()));
  chosen.max_iterations = max_iterations;
  core::Events silent;
  auto matrix = make_matrix<double>(comm, rows);
  return fit(comm, matrix, chosen, silent, {.given = centroids_of(start)});
}

// Each customer's segment, and what Lloyd's algorithm as textbooks have it makes of it; plain sums in long double.
struct Textbook {
  Rows centroids;
  std::vector<std::size_t> labels;
  std::vector<int> counts;
  int iterations = 0;
  double inertia = 0;
};

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  long double sum = 0;
  for (std::size_t f = 0; f < a.size(); ++f)
    sum += (static_cast<long double>(a[f]) - b[f]) * (static_cast<long double>(a[f]) - b[f]);
  return static_cast<double>(sum);
}

std::size_t nearest_of(const std::vector<double>& x, const Rows& centroids) {
  std::size_t nearest = 0;
  for (std::size_t j = 1; j < centroids.size(); ++j)
    if (distance(x, centroids[j]) < distance(x, centroids[nearest])) nearest = j;
  return nearest;
}

Textbook textbook_lloyd(const Rows& rows, const Rows& start) {
  Textbook fit{start, std::vector<std::size_t>(rows.size(), start.size()), {}, 0, 0};
  for (bool is_moving = true; is_moving;) {
    is_moving = false;
    ++fit.iterations;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::size_t nearest = nearest_of(rows[i], fit.centroids);
      is_moving = is_moving || nearest != fit.labels[i];
      fit.labels[i] = nearest;
    }
    fit.counts.assign(start.size(), 0);
    std::vector<std::vector<long double>> sums(start.size(), std::vector<long double>(rows[0].size(), 0));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ++fit.counts[fit.labels[i]];
      for (std::size_t f = 0; f < rows[i].size(); ++f) sums[fit.labels[i]][f] += rows[i][f];
    }
    for (std::size_t j = 0; j < start.size(); ++j)
      for (std::size_t f = 0; f < rows[0].size(); ++f)
        fit.centroids[j][f] = static_cast<double>(sums[j][f] / fit.counts[j]);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) fit.inertia += distance(rows[i], fit.centroids[fit.labels[i]]);
  return fit;
}

// Inertia of all rows about their nearest centroid.
double inertia_of(const Rows& rows, const Centroids& centroids) {
  double inertia = 0;
  for (const auto& row : rows) {
    double least = HUGE_VAL;
    for (int j = 0; j < centroids.segments; ++j)
      least = std::min(least, squared_distance(row.data(), centroids.row(j), centroids.features));
    inertia += least;
  }
  return inertia;
}

std::vector<int> sizes_of(const Rows& rows, const Centroids& centroids) {
  std::vector<int> sizes(static_cast<std::size_t>(centroids.segments), 0);
  Rows points;
  for (int j = 0; j < centroids.segments; ++j)
    points.emplace_back(centroids.row(j), centroids.row(j) + centroids.features);
  for (const auto& row : rows) ++sizes[nearest_of(row, points)];
  return sizes;
}

void expect_same(const FitResult& a, const FitResult& b) {
  EXPECT_EQ(a.centroids.values, b.centroids.values);
  EXPECT_EQ(a.best_restart, b.best_restart);
  ASSERT_EQ(a.restarts.size(), b.restarts.size());
  for (std::size_t r = 0; r < a.restarts.size(); ++r) {
    EXPECT_EQ(a.restarts[r].inertia, b.restarts[r].inertia);
    EXPECT_EQ(a.restarts[r].iterations, b.restarts[r].iterations);
    EXPECT_EQ(a.restarts[r].stop, b.restarts[r].stop);
    EXPECT_EQ(a.restarts[r].refilled, b.restarts[r].refilled);
  }
  EXPECT_EQ(a.customers, b.customers);
}

}  // namespace

TEST(Fit, EqualsATextbookLloydFromTheFirstRows) {
  for (int k : {2, 3, 5, 8})
    for (int d : {1, 2, 6}) {
      const Rows rows = clustered_rows(300, d, 5, static_cast<unsigned>(100 * k + d), 2.0);
      const Textbook expected = textbook_lloyd(rows, {rows.begin(), rows.begin() + k});

      const FitResult found = fit_on(world(), rows, options(Seeding::first, k));

      EXPECT_EQ(found.restarts[0].iterations, expected.iterations);
      EXPECT_EQ(found.restarts[0].stop, StopReason::fixed_point);
      EXPECT_NEAR(found.restarts[0].inertia / expected.inertia, 1.0, 1e-11);
      std::vector<std::size_t> order(static_cast<std::size_t>(k));
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::ranges::stable_sort(order,
                               [&](std::size_t a, std::size_t b) { return expected.counts[a] > expected.counts[b]; });
      for (int j = 0; j < k; ++j)
        for (int f = 0; f < d; ++f)
          EXPECT_NEAR(found.centroids.row(j)[f],
                      expected.centroids[order[static_cast<std::size_t>(j)]][static_cast<std::size_t>(f)], 1e-11);
    }
}

TEST(Fit, FindsTheObviousSegmentsOfATinyPortfolio) {
  const Rows rows = {{0, 0}, {0, 1}, {1, 0}, {10, 10}, {10, 11}, {-10, 10}};

  const FitResult found = fit_on(world(), rows, options(Seeding::plusplus, 3));

  EXPECT_NEAR(found.restarts[static_cast<std::size_t>(found.best_restart)].inertia, 4.0 / 3 + 0.5, 1e-12);
  EXPECT_THAT(found.centroids.values,
              testing::Pointwise(testing::DoubleNear(1e-12), {1.0 / 3, 1.0 / 3, 10.0, 10.5, -10.0, 10.0}));
}

TEST(Fit, IsTheSameBytesOnAllRanksThreadsAndVectorWidths) {
  const Rows rows = clustered_rows(403, 5, 6, 17, 2.0);
  for (Seeding seeding : {Seeding::plusplus, Seeding::random, Seeding::first}) {
    const FitResult alone = fit_on<float>({}, rows, options(seeding, 6));
    for_every_width([&](const std::string&) { expect_same(fit_on<float>(world(), rows, options(seeding, 6)), alone); });
    // Threads of many ranks on few cores wait for each other in turns: two are enough there.
    for (int threads : world().size() == 1 ? std::vector{2, 3, 7} : std::vector{2}) {
      omp_set_num_threads(threads);
      expect_same(fit_on<float>(world(), rows, options(seeding, 6)), alone);
    }
    omp_set_num_threads(1);
  }
}

TEST(Fit, IsTheSameBytesInDoubleWhereTheFeaturesAreTheSameNumbers) {
  Rows rows = clustered_rows(300, 3, 4, 18, 2.0);
  for (auto& row : rows)
    for (double& x : row) x = static_cast<double>(static_cast<float>(x));

  const FitResult narrow = fit_on<float>(world(), rows, options(Seeding::plusplus, 4));
  const FitResult wide = fit_on<double>(world(), rows, options(Seeding::plusplus, 4));

  expect_same(narrow, wide);
}

TEST(Fit, WorksWithMoreRanksThanCustomers) {
  const Rows rows = {{1, 1}, {2, 2}, {9, 9}};

  const FitResult found = fit_on(world(), rows, options(Seeding::plusplus, 2));

  expect_same(found, fit_on({}, rows, options(Seeding::plusplus, 2)));
  EXPECT_THAT(found.centroids.values, ElementsAre(1.5, 1.5, 9, 9));
}

TEST(Fit, PutsTheLargestSegmentFirst) {
  const Rows rows = clustered_rows(500, 2, 7, 19, 6.0);

  const FitResult found = fit_on(world(), rows, options(Seeding::plusplus, 7));

  const std::vector<int> sizes = sizes_of(rows, found.centroids);
  EXPECT_TRUE(std::ranges::is_sorted(sizes, std::greater<>()));
}

TEST(Fit, KeepsTheRestartWithTheLeastInertia) {
  const Rows rows = clustered_rows(300, 2, 9, 20, 5.0);
  FitOptions chosen = options(Seeding::random, 9);
  chosen.restarts = 12;

  const FitResult found = fit_on(world(), rows, chosen);

  ASSERT_EQ(found.restarts.size(), 12u);
  const auto best = std::ranges::min_element(found.restarts, {}, &RestartResult::inertia);
  EXPECT_EQ(found.best_restart, best - found.restarts.begin());
  EXPECT_NEAR(inertia_of(rows, found.centroids) / best->inertia, 1.0, 1e-11);
  EXPECT_LT(best->inertia, 0.99 * std::ranges::max_element(found.restarts, {}, &RestartResult::inertia)->inertia);
}

TEST(Fit, RestartsOnlyWhereChanceMatters) {
  const Rows rows = normal_rows(40, 2, 21);

  EXPECT_EQ(fit_on(world(), rows, options(Seeding::first, 3)).restarts.size(), 1u);
  EXPECT_EQ(fit_on(world(), rows, options(Seeding::plusplus, 1)).restarts.size(), 1u);
  EXPECT_EQ(fit_on(world(), rows, options(Seeding::plusplus, 3)).restarts.size(), 3u);
}

TEST(Fit, GivesTheMeanOfAllForOneSegment) {
  const FitResult found = fit_on(world(), {{1, 2}, {2, 4}, {6, 0}}, options(Seeding::plusplus, 1));

  EXPECT_THAT(found.centroids.values, ElementsAre(3, 2));
  EXPECT_NEAR(found.restarts[0].inertia, 22.0, 1e-12);
}

TEST(Fit, GivesEveryCustomerASegmentWhereThereAreAsManySegments) {
  const Rows rows = normal_rows(12, 2, 22);
  for (Seeding seeding : {Seeding::plusplus, Seeding::random, Seeding::first}) {
    const FitResult found = fit_on(world(), rows, options(seeding, 12));

    EXPECT_NEAR(inertia_of(rows, found.centroids), 0.0, 1e-12);
    EXPECT_NEAR(found.restarts[0].inertia, 0.0, 1e-12);
    for (int size : sizes_of(rows, found.centroids)) EXPECT_EQ(size, 1);
  }
}

TEST(Fit, RefillsEmptySegmentsFromCentroidsFarAway) {
  const Rows rows = clustered_rows(120, 2, 4, 23, 8.0);
  const Rows start = {{0, 0}, {1e6, 1e6}, {-1e7, 0}, {0, 1e8}};

  const FitResult found = fit_from(world(), rows, start);

  EXPECT_GE(found.restarts[0].refilled, 3);
  EXPECT_EQ(found.restarts[0].stop, StopReason::fixed_point);
  for (int size : sizes_of(rows, found.centroids)) EXPECT_GT(size, 0);
  EXPECT_NEAR(inertia_of(rows, found.centroids) / found.restarts[0].inertia, 1.0, 1e-10);
  expect_same(found, fit_from({}, rows, start));
}

TEST(Fit, RefillsSegmentsOfEqualSeeds) {
  Rows rows(20, {1.0, 1.0});  // the first rows are all the same customer
  for (int i = 0; i < 5; ++i) rows.push_back({static_cast<double>(10 * i), -3.0});

  const FitResult found = fit_on(world(), rows, options(Seeding::first, 4));

  EXPECT_GE(found.restarts[0].refilled, 3);
  for (int size : sizes_of(rows, found.centroids)) EXPECT_GT(size, 0);
  expect_same(found, fit_on({}, rows, options(Seeding::first, 4)));
}

TEST(Fit, GivesEachOfTheFewDistinctCustomersASegment) {
  Rows rows;
  for (int i = 0; i < 60; ++i) rows.push_back({static_cast<double>(i % 3), static_cast<double>(i % 3 == 1)});
  for (Seeding seeding : {Seeding::plusplus, Seeding::random, Seeding::first}) {
    const FitResult found = fit_on(world(), rows, options(seeding, 3));

    EXPECT_NEAR(found.restarts[static_cast<std::size_t>(found.best_restart)].inertia, 0.0, 1e-10);
    EXPECT_EQ(sizes_of(rows, found.centroids), (std::vector<int>{20, 20, 20}));
  }
}

TEST(Fit, RefusesMoreSegmentsThanDistinctCustomers) {
  const Rows rows = {{1, 1}, {2, 2}, {1, 1}, {2, 2}, {1, 1}};

  const core::Error error = error_of([&] { fit_on(world(), rows, options(Seeding::plusplus, 3)); });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_STREQ(error.what(),
               "3 segments were asked for, but only 2 of 5 customers differ in their features as these are stored "
               "(double). Use "
               "segments 2 or fewer");
}

TEST(Fit, RefusesAPortfolioWithoutCustomers) {
  EXPECT_THAT(error_of([] { fit_on(world(), {}, options(Seeding::first, 1)); }).what(), HasSubstr("no customers"));
}

TEST(Fit, RefusesGivenCentroidsOfAnotherShape) {
  const Rows rows = normal_rows(10, 2, 24);
  core::Events silent;
  for (const Rows& start : {Rows{{1, 2}}, Rows{{1}, {2}}, Rows{{1, 2}, {3, HUGE_VAL}}, Rows{{1, 2}, {3, 1e200}},
                            Rows{{1, 2}, {3, std::nan("")}}}) {
    auto matrix = make_matrix<double>(world(), rows);
    const core::Error error =
        error_of([&] { fit(world(), matrix, options(Seeding::file, 2), silent, {.given = centroids_of(start)}); });

    EXPECT_EQ(error.code(), ExitCode::bad_data);
  }
}

TEST(Fit, StopsAtTheIterationLimit) {
  const Rows rows = normal_rows(500, 2, 25);
  FitOptions chosen = options(Seeding::first, 8);
  chosen.max_iterations = 2;

  const FitResult found = fit_on(world(), rows, chosen);

  EXPECT_EQ(found.restarts[0].iterations, 2);
  EXPECT_EQ(found.restarts[0].stop, StopReason::max_iterations);
  EXPECT_EQ(found.assigned(), 1000);
}

TEST(Fit, StopsWhereTheInertiaFallsByLessThanTheTolerance) {
  const Rows rows = normal_rows(500, 2, 26);
  FitOptions chosen = options(Seeding::first, 8);
  const FitResult exact = fit_on(world(), rows, chosen);
  chosen.tolerance = 0.01;

  const FitResult found = fit_on(world(), rows, chosen);

  EXPECT_EQ(found.restarts[0].stop, StopReason::tolerance);
  EXPECT_LT(found.restarts[0].iterations, exact.restarts[0].iterations);
  EXPECT_GT(found.restarts[0].inertia, exact.restarts[0].inertia);
}

TEST(Fit, StaysAtAFixedPointItStartsFrom) {
  const Rows rows = clustered_rows(200, 3, 4, 27, 5.0);
  const FitResult first = fit_on(world(), rows, options(Seeding::plusplus, 4));
  Rows start;
  for (int j = 0; j < 4; ++j) start.emplace_back(first.centroids.row(j), first.centroids.row(j) + 3);

  const FitResult again = fit_from(world(), rows, start);

  EXPECT_EQ(again.restarts[0].iterations, 2);  // all customers arrive in the first pass, none moves in the second
  EXPECT_EQ(again.centroids.values, first.centroids.values);
}

TEST(Fit, IsNotDisturbedByALargeOffset) {
  const Rows rows = clustered_rows(300, 3, 4, 28, 5.0);
  Rows shifted = rows;
  for (auto& row : shifted)
    for (double& x : row) x += 1e6;

  const FitResult found = fit_on(world(), shifted, options(Seeding::first, 4));
  const FitResult plain = fit_on(world(), rows, options(Seeding::first, 4));

  EXPECT_NEAR(found.restarts[0].inertia / plain.restarts[0].inertia, 1.0, 1e-6);
  EXPECT_EQ(found.restarts[0].iterations, plain.restarts[0].iterations);
}

TEST(Fit, GivesTheSameBitsByEveryAlgorithm) {
  for (const Rows& rows : {clustered_rows(3000, 2, 5, 41), clustered_rows(2000, 2, 3, 42, 1.0)}) {
    FitOptions chosen = options(Seeding::plusplus, 9);
    chosen.restarts = 3;
    chosen.algorithm = Algorithm::plain;
    const FitResult plain = fit_on<float>(world(), rows, chosen);
    for (Algorithm algorithm : {Algorithm::automatic, Algorithm::hamerly, Algorithm::yinyang}) {
      chosen.algorithm = algorithm;
      const FitResult found = fit_on<float>(world(), rows, chosen);

      EXPECT_EQ(found.centroids.values, plain.centroids.values) << name_of(algorithm);
      EXPECT_EQ(found.best_restart, plain.best_restart);
      for (std::size_t r = 0; r < plain.restarts.size(); ++r) {
        EXPECT_EQ(found.restarts[r].inertia, plain.restarts[r].inertia);
        EXPECT_EQ(found.restarts[r].iterations, plain.restarts[r].iterations);
      }
    }
  }
}

TEST(RefillEmpty, KeepsLabelsAndSumsConsistent) {
  const Rows rows = clustered_rows(90, 2, 3, 29, 5.0);
  auto matrix = make_matrix<double>(world(), rows);
  const Basis basis = make_basis(world(), matrix);
  const SumGrids& grids = basis.grids;
  const Centroids centroids = centroids_of({{0, 0}, {1e5, 0}, {1, 1}, {0, 1e5}});
  Assigner<double> assigner(matrix, grids, 4, Algorithm::plain);
  SegmentSums local(4, 2);
  PassCounts pass = assigner.pass(centroids, local);
  SegmentSums global = reduced(world(), grids, local, pass);
  core::Events silent;

  const int refilled = refill_empty<double>({world(), matrix, basis, silent}, centroids, assigner, local, global);

  EXPECT_EQ(refilled, 2);
  SegmentSums scratch(4, 2);
  for (std::int64_t i = 0; i < matrix.rows(); ++i) {
    const std::int64_t rounded[] = {grids.feature[0].round(matrix.at(i, 0)), grids.feature[1].round(matrix.at(i, 1))};
    scratch.move(rounded, -1, assigner.labels()[static_cast<std::size_t>(i)]);
  }
  EXPECT_TRUE(scratch.sums == local.sums);
  EXPECT_EQ(scratch.customers, local.customers);
  PassCounts none;
  const SegmentSums from_labels = reduced(world(), grids, local, none);
  EXPECT_TRUE(from_labels.sums == global.sums);
  EXPECT_EQ(from_labels.customers, global.customers);
  EXPECT_EQ(global.customers[1], 1);
  EXPECT_EQ(global.customers[3], 1);
}

TEST(RefillEmpty, TakesTheFarthestCustomersLowestRowFirstAndNeverASegmentsOnlyOne) {
  // Segment 0: rows 0 to 3; segment 1: row 4 alone, farthest of all; segments 2 and 3 are empty.
  const Rows rows = {{0}, {3}, {-3}, {1}, {100}};
  auto matrix = make_matrix<double>(world(), rows);
  const Basis basis = make_basis(world(), matrix);
  const SumGrids& grids = basis.grids;
  const Centroids centroids = centroids_of({{0}, {90}, {1e6}, {2e6}});
  Assigner<double> assigner(matrix, grids, 4, Algorithm::plain);
  SegmentSums local(4, 1);
  PassCounts pass = assigner.pass(centroids, local);
  SegmentSums global = reduced(world(), grids, local, pass);
  core::Events silent;

  refill_empty<double>({world(), matrix, basis, silent}, centroids, assigner, local, global);

  const std::vector<std::int32_t> expected = {0, 2, 3, 0, 1};
  const core::Range mine = matrix.global_rows();
  for (std::int64_t row = mine.begin; row < mine.end; ++row)
    EXPECT_EQ(assigner.labels()[static_cast<std::size_t>(row - mine.begin)], expected[static_cast<std::size_t>(row)])
        << "row " << row;
}

}  // namespace cardseg::cluster
