// Fits that are stopped anywhere and go on, and fits that share passes: the same bits as without.
#include <gmock/gmock.h>

#include "cardseg/cluster/fit.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/stopped_fits.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"

namespace cardseg::cluster {
namespace {

using core::ExitCode;
using support::clustered_rows;
using support::fit_in_jobs;
using support::make_matrix;
using support::Rows;
using support::StopAfter;
using support::world;
using testing::HasSubstr;

std::vector<FitOptions> two_fits(int restarts) {
  std::vector<FitOptions> all(2);
  all[0].segments = 4;
  all[1].segments = 7;
  for (FitOptions& each : all) {
    each.restarts = restarts;
    each.improve = Improve::off;
  }
  return all;
}

template <class T>
std::vector<FitResult> fit_in_one_go(const comm::Communicator& comm, const Rows& rows,
                                     const std::vector<FitOptions>& options, int together = 1) {
  core::Events silent;
  auto matrix = make_matrix<T>(comm, rows);
  return fit_each(comm, matrix, options, silent, {nullptr, {}, together});
}

void expect_same(const std::vector<FitResult>& a, const std::vector<FitResult>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].centroids.values, b[i].centroids.values);
    EXPECT_EQ(a[i].best_restart, b[i].best_restart);
    EXPECT_EQ(a[i].customers, b[i].customers);
    EXPECT_EQ(a[i].reached, b[i].reached);
    EXPECT_EQ(a[i].moves.tried, b[i].moves.tried);
    EXPECT_EQ(a[i].moves.accepted, b[i].moves.accepted);
    ASSERT_EQ(a[i].restarts.size(), b[i].restarts.size());
    for (std::size_t r = 0; r < a[i].restarts.size(); ++r) {
      const RestartResult& one = a[i].restarts[r];
      const RestartResult& other = b[i].restarts[r];
      EXPECT_EQ(one.course, other.course);
      EXPECT_EQ(one.inertia, other.inertia);
      EXPECT_EQ(one.stop, other.stop);
      EXPECT_EQ(one.refilled, other.refilled);
      EXPECT_EQ(one.centroids.values, other.centroids.values);
    }
  }
}

}  // namespace

TEST(Resume, EndsInTheSameBitsWhereverAFitIsStopped) {
  const Rows rows = clustered_rows(700, 3, 5, 41, 2.0);
  const std::vector<FitOptions> options = two_fits(3);
  const std::vector<FitResult> expected = fit_in_one_go<float>({}, rows, options);
  for (int iterations : {1, 2, 3, 7, 1000}) {
    SCOPED_TRACE(iterations);
    int jobs = 0;
    expect_same(fit_in_jobs<float>(rows, options, iterations, jobs), expected);
    if (iterations == 2) {
      EXPECT_GT(jobs, 10);
    }
  }
}

TEST(Resume, EndsInTheSameBitsInDoubleWithRefilledSegmentsAndATolerance) {
  // Far more segments than groups of equal customers: segments fall empty.
  Rows rows = clustered_rows(40, 2, 3, 42, 5.0);
  const Rows some(rows.begin(), rows.begin() + 20);
  for (int copies = 0; copies < 3; ++copies) rows.insert(rows.end(), some.begin(), some.end());
  std::vector<FitOptions> options = two_fits(4);
  options[1].segments = 30;
  options[1].seeding = Seeding::random;
  options[0].tolerance = 1e-3;
  const std::vector<FitResult> expected = fit_in_one_go<double>({}, rows, options);
  int refilled = 0;
  for (const RestartResult& restart : expected[1].restarts) refilled += restart.refilled;
  ASSERT_GT(refilled, 0);
  int jobs = 0;

  expect_same(fit_in_jobs<double>(rows, options, 1, jobs), expected);
}

TEST(Resume, EndsInTheSameBitsWhereverMovesAreStopped) {
  const Rows rows = clustered_rows(1200, 2, 16, 5, 12.0);
  std::vector<FitOptions> options = two_fits(2);
  options[0].segments = 16;
  options[1].segments = 11;
  for (FitOptions& each : options) {
    each.seeding = Seeding::plusplus;
    each.improve = Improve::full;
  }
  const std::vector<FitResult> expected = fit_in_one_go<float>({}, rows, options);
  EXPECT_GE(expected[0].moves.accepted, 1);
  for (int iterations : {1, 3, 8}) {
    SCOPED_TRACE(iterations);
    int jobs = 0;
    expect_same(fit_in_jobs<float>(rows, options, iterations, jobs), expected);
  }
}

TEST(Resume, RefusesOtherCustomers) {
  core::Events silent;
  Rows rows = clustered_rows(300, 3, 5, 43, 2.0);
  auto matrix = make_matrix<float>(world(), rows);
  StopAfter checkpoints(2);
  support::error_of([&] { fit_each(world(), matrix, two_fits(1), silent, {&checkpoints, {}, 1}); });
  rows[150][1] += 0.25;
  auto changed = make_matrix<float>(world(), rows);

  const core::Error error = support::error_of([&] {
    fit_each(world(), changed, two_fits(1), silent, {nullptr, progress_from_json(checkpoints.text), 1});
  });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr("differ from those of the checkpoint"));
}

// What is signed right and cannot be: other segments, fits that the job has not, a restart that is there twice.
TEST(Resume, RefusesAProgressOfOtherFits) {
  core::Events silent;
  const Rows rows = clustered_rows(300, 3, 5, 43, 2.0);
  auto matrix = make_matrix<float>(world(), rows);
  StopAfter checkpoints(2);
  support::error_of([&] { fit_each(world(), matrix, two_fits(1), silent, {&checkpoints, {}, 1}); });
  const FitProgress good = progress_from_json(checkpoints.text);
  const auto refusal = [&](FitProgress start, std::vector<FitOptions> fits) {
    return support::error_of([&] { fit_each(world(), matrix, fits, silent, {nullptr, std::move(start), 1}); });
  };
  FitProgress of_another = good;
  of_another.restarts.front().fit = 70;
  FitProgress twice = good;
  twice.restarts.push_back(twice.restarts.front());
  std::vector<FitOptions> more_segments = two_fits(1);
  for (FitOptions& fit : more_segments) fit.segments += 1;

  for (const core::Error& error :
       {refusal(of_another, two_fits(1)), refusal(twice, two_fits(1)), refusal(good, more_segments)}) {
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    EXPECT_THAT(error.what(), HasSubstr("the checkpoint is not of these fits"));
  }
}

TEST(Together, ModelsThatSharePassesAreThoseFittedAlone) {
  const Rows rows = clustered_rows(900, 4, 6, 44, 2.0);
  const std::vector<FitOptions> options = two_fits(4);
  const std::vector<FitResult> expected = fit_in_one_go<float>({}, rows, options);
  for (int together : {2, 3, 8, 64}) expect_same(fit_in_one_go<float>(world(), rows, options, together), expected);
}

TEST(StopLosers, GivesUpRestartsThatAreBehindAndNeverTheBest) {
  const Rows rows = clustered_rows(1500, 4, 12, 45, 3.0);
  std::vector<FitOptions> options = two_fits(8);
  options[1].segments = 12;
  options[1].seeding = Seeding::random;
  const std::vector<FitResult> all = fit_in_one_go<float>({}, rows, options);
  for (FitOptions& each : options) each.stop_losers = 0.02;
  const std::vector<FitResult> some = fit_in_one_go<float>(world(), rows, options);

  int losers = 0;
  for (const RestartResult& restart : some[1].restarts) losers += restart.stop == StopReason::losing ? 1 : 0;
  EXPECT_GT(losers, 0);
  EXPECT_EQ(some[1].best().inertia, all[1].best().inertia);
  EXPECT_EQ(some[1].centroids.values, all[1].centroids.values);
  for (int together : {2, 5}) expect_same(fit_in_one_go<float>(world(), rows, options, together), some);
  int jobs = 0;
  expect_same(fit_in_jobs<float>(rows, options, 3, jobs), some);
}

TEST(FitProgress, RefusesNumbersThatNoFitHas) {
  core::Events silent;
  auto matrix = make_matrix<float>(world(), clustered_rows(300, 3, 5, 43, 2.0));
  StopAfter checkpoints(2);
  support::error_of([&] { fit_each(world(), matrix, two_fits(1), silent, {&checkpoints, {}, 1}); });
  for (const char* key :
       {"\"fit\":", "\"restart\":", "\"segments\":", "\"features\":", "\"iterations\":", "\"tried\":"})
    for (const char* number : {"-1", "4294967297", "1e300", "1000000000", "1.5"}) {
      std::string text = checkpoints.text;
      const std::size_t place = text.find(key) + std::string(key).size();
      text.replace(place, text.find_first_of(",}", place) - place, number);
      if (std::string(number) == "1000000000" && std::string(key) != "\"segments\":" &&
          std::string(key) != "\"features\":")
        continue;  // which the job tells

      EXPECT_EQ(support::error_of([&] { progress_from_json(text); }).code(), ExitCode::bad_data) << key << number;
    }
}

TEST(FitProgress, RefusesTextThatHoldsNone) {
  for (const char* text : {"", "{", "{}x", "[1]", "[{\"fit\": 0}]"}) {
    const core::Error error = support::error_of([&] { progress_from_json(text); });

    EXPECT_EQ(error.code(), ExitCode::bad_data) << text;
  }
}

}  // namespace cardseg::cluster
