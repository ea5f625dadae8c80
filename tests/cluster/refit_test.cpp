// Fits of several numbers of segments, of which one came to a higher inertia than one of fewer.
#include "cluster/refit.hpp"

#include <gmock/gmock.h>
#include <omp.h>

#include "cardseg/cluster/fit.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/stopped_fits.hpp"
#include "support/world.hpp"

namespace cardseg::cluster {
namespace {

using support::clustered_rows;
using support::make_matrix;
using support::Rows;
using support::world;

// One draw at random for each number, and no moves: some miss what fewer segments found.
std::vector<FitOptions> poor_fits() {
  std::vector<FitOptions> all;
  for (const int segments : {13, 8, 9, 10, 11, 12, 14, 19}) {
    FitOptions& each = all.emplace_back();
    each.segments = segments;
    each.seed = static_cast<std::uint64_t>(segments);
    each.restarts = 1;
    each.seeding = Seeding::random;
    each.improve = Improve::off;
  }
  return all;
}

Rows rows_with_groups() { return clustered_rows(1501, 2, 20, 4, 20.0); }

std::vector<FitResult> fit_all(const comm::Communicator& comm, const std::vector<FitOptions>& options,
                               int together = 1) {
  core::Events silent;
  auto matrix = make_matrix<float>(comm, rows_with_groups());
  return fit_each(comm, matrix, options, silent, {nullptr, {}, together});
}

void expect_same(const std::vector<FitResult>& a, const std::vector<FitResult>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].centroids.values, b[i].centroids.values);
    EXPECT_EQ(a[i].best().inertia, b[i].best().inertia);
    EXPECT_EQ(a[i].iterations, b[i].iterations);
    EXPECT_EQ(a[i].stop, b[i].stop);
    EXPECT_EQ(a[i].refitted_from, b[i].refitted_from);
    EXPECT_EQ(a[i].reached, b[i].reached);
    EXPECT_EQ(a[i].moves_iterations, b[i].moves_iterations);
  }
}

}  // namespace

TEST(FindRise, IsTheFirstInTheOrderOfSegments) {
  const std::vector<SegmentsAndInertia> fits = {{4, 9}, {2, 10}, {3, 8}, {8, 9.5}};

  const auto rise = find_rise(fits, {false, false, false, false});
  ASSERT_TRUE(rise);
  EXPECT_EQ(rise->fit, 0);
  EXPECT_EQ(rise->fewer, 2);
  EXPECT_EQ(find_rise(fits, {true, false, false, false})->fit, 3);
  EXPECT_FALSE(find_rise(fits, {true, false, false, true}));
  EXPECT_FALSE(find_rise({{2, 5}, {2, 7}, {3, 7}}, {false, false, false}));  // the same number twice; no rise
}

TEST(Refits, AreMadeWhereInertiaRoseAndOnlyThere) {
  const std::vector<FitOptions> options = poor_fits();
  const std::vector<FitResult> found = fit_all(world(), options);

  std::vector<std::pair<int, double>> falling;
  int refitted = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    falling.emplace_back(options[i].segments, found[i].best().inertia);
    const FitResult alone = fit_all(world(), {options[i]}).front();
    if (found[i].refitted_from > 0) {
      ++refitted;
      EXPECT_LT(found[i].best().inertia, alone.best().inertia);
      EXPECT_EQ(found[i].best().centroids.values, found[i].centroids.values);
      EXPECT_EQ(found[i].centroids.segments, options[i].segments);
    } else {
      EXPECT_EQ(found[i].centroids.values, alone.centroids.values);
    }
  }
  EXPECT_GE(refitted, 1);
  EXPECT_LT(refitted, 4);
  std::ranges::sort(falling);
  for (std::size_t i = 1; i < falling.size(); ++i) EXPECT_LT(falling[i].second, falling[i - 1].second);
}

TEST(Refits, GiveTheSameBytesOnAllRanksThreadsAndHoweverManyShareAPass) {
  const std::vector<FitResult> alone = fit_all({}, poor_fits());

  expect_same(fit_all(world(), poor_fits()), alone);
  expect_same(fit_all(world(), poor_fits(), 5), alone);
  omp_set_num_threads(3);
  expect_same(fit_all(world(), poor_fits()), alone);
  omp_set_num_threads(1);
}

TEST(Refits, EndInTheSameBitsWhereverTheyAreStopped) {
  const std::vector<FitResult> expected = fit_all({}, poor_fits());
  for (const int iterations : {1, 4, 9}) {
    SCOPED_TRACE(iterations);
    int jobs = 0;
    expect_same(support::fit_in_jobs<float>(rows_with_groups(), poor_fits(), iterations, jobs), expected);
  }
}

// Four points, of which three are found by three segments: nothing is left to split.
TEST(Refits, CopeWithCustomersThatLeaveNothingToSplit) {
  Rows rows;
  for (int i = 0; i < 40; ++i) rows.push_back({static_cast<double>(i % 4)});
  std::vector<FitOptions> options = poor_fits();
  options.resize(4);
  for (std::size_t i = 0; i < options.size(); ++i) options[i].segments = static_cast<int>(i) + 1;
  core::Events silent;
  auto matrix = make_matrix<double>(world(), rows);

  const std::vector<FitResult> found = fit_each(world(), matrix, options, silent);

  EXPECT_GE(found[0].best().inertia, found[1].best().inertia);
  EXPECT_NEAR(found[3].best().inertia, 0.0, 1e-9);
}

}  // namespace cardseg::cluster
