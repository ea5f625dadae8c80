#include <gmock/gmock.h>

#include "cardseg/cluster/fit.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"

namespace cardseg::cluster {
namespace {

using support::clustered_rows;
using support::make_matrix;
using support::Rows;
using support::world;

std::vector<FitOptions> options_for(const std::vector<int>& segments) {
  std::vector<FitOptions> all;
  for (int k : segments) {
    all.emplace_back();
    all.back().segments = k;
    all.back().restarts = 3;
  }
  return all;
}

std::vector<FitResult> fit_each_on(const comm::Communicator& comm, const Rows& rows, const std::vector<int>& segments) {
  core::Events silent;
  auto matrix = make_matrix<float>(comm, rows);
  return fit_each(comm, matrix, options_for(segments), silent);
}

}  // namespace

TEST(FitEach, FindsWhatSingleFitsFind) {
  const Rows rows = clustered_rows(300, 3, 4, 31);
  core::Events silent;

  const std::vector<FitResult> found = fit_each_on(world(), rows, {2, 5, 3});

  ASSERT_EQ(found.size(), 3u);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const FitOptions alone = options_for({2, 5, 3})[i];
    auto matrix = make_matrix<float>({}, rows);
    const FitResult single = fit({}, matrix, alone, silent);
    EXPECT_EQ(found[i].centroids.values, single.centroids.values);
    EXPECT_EQ(found[i].best_restart, single.best_restart);
  }
}

TEST(FitEach, KeepsTheCentroidsOfEveryRestart) {
  const FitResult found = fit_each_on(world(), clustered_rows(200, 2, 6, 32), {6}).front();

  ASSERT_EQ(found.restarts.size(), 3u);
  for (const RestartResult& restart : found.restarts) EXPECT_EQ(restart.centroids.segments, 6);
  EXPECT_EQ(found.restarts[static_cast<std::size_t>(found.best_restart)].centroids.values, found.centroids.values);
}

TEST(FitEach, RefusesTooManySegmentsBeforeTheFirstFit) {
  class Counting : public core::Events {
   public:
    void info(std::string_view) override { ++messages; }
    int messages = 0;
  } events;
  auto matrix = make_matrix<float>(world(), {{1, 1}, {2, 2}, {2, 2}, {3, 1}});

  const core::Error error = support::error_of([&] { fit_each(world(), matrix, options_for({2, 4}), events); });

  EXPECT_EQ(error.code(), core::ExitCode::bad_data);
  EXPECT_THAT(error.what(), testing::HasSubstr("4 segments were asked for"));
  EXPECT_EQ(events.messages, 0);
}

TEST(FitEach, OfNothingIsNothing) { EXPECT_TRUE(fit_each_on(world(), {{1.0}, {2.0}}, {}).empty()); }

}  // namespace cardseg::cluster
