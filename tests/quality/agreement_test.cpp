#include "cardseg/quality/agreement.hpp"

#include <gmock/gmock.h>
#include <omp.h>

#include "cardseg/quality/adjusted_rand.hpp"
#include "quality/plain_quality.hpp"
#include "support/every_width.hpp"
#include "support/random_rows.hpp"
#include "support/world.hpp"

namespace cardseg::quality {
namespace {

using support::make_matrix;
using support::world;

cluster::FitResult fit_with(const std::vector<cluster::Centroids>& restarts, int best) {
  cluster::FitResult fit;
  for (const cluster::Centroids& centroids : restarts) {
    fit.restarts.emplace_back();
    fit.restarts.back().centroids = centroids;
  }
  fit.best_restart = best;
  fit.centroids = restarts[static_cast<std::size_t>(best)];
  return fit;
}

// From labels, customer by customer.
double plain_agreement(const Rows& rows, const cluster::Centroids& a, const cluster::Centroids& b) {
  Contingency table(a.segments, b.segments);
  const std::vector<int> first = plain_labels(rows, a);
  const std::vector<int> second = plain_labels(rows, b);
  for (std::size_t i = 0; i < rows.size(); ++i) ++table.at(first[i], second[i]);
  return adjusted_rand(table);
}

}  // namespace

TEST(Agreement, IsTheAdjustedRandIndexOfEachRestartWithTheBest) {
  const Rows rows = support::normal_rows(1300, 3, 91);
  const std::vector<cluster::Centroids> restarts = {some_centroids(rows, 4, 1), some_centroids(rows, 4, 3),
                                                    some_centroids(rows, 4, 7)};

  const std::vector<double> found =
      agreement_with_best(world(), make_matrix<double>(world(), rows), fit_with(restarts, 1));

  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0], plain_agreement(rows, restarts[1], restarts[0]));
  EXPECT_EQ(found[1], 1.0);
  EXPECT_EQ(found[2], plain_agreement(rows, restarts[1], restarts[2]));
  EXPECT_NEAR(mean_agreement(found, 1), (found[0] + found[2]) / 2, 1e-15);
}

TEST(Agreement, IsTheSameBitsOnAnyRanksThreadsAndWidths) {
  const Rows rows = support::clustered_rows(1100, 4, 5, 92);
  const cluster::FitResult fit = fit_with({some_centroids(rows, 5, 2), some_centroids(rows, 5, 9)}, 0);
  const std::vector<double> alone = agreement_with_best({}, make_matrix<float>({}, rows), fit);
  for (int threads : {1, 3}) {
    omp_set_num_threads(threads);
    support::for_every_width([&](const std::string&) {
      EXPECT_EQ(agreement_with_best(world(), make_matrix<float>(world(), rows), fit), alone);
    });
  }
  omp_set_num_threads(1);
}

TEST(Agreement, IsOneWhereOnlyTheNumbersOfSegmentsDiffer) {
  const cluster::FitResult fit = fit_with({centroids_of({{0}, {10}}), centroids_of({{10}, {0}})}, 0);

  EXPECT_THAT(agreement_with_best(world(), make_matrix<float>(world(), {{0}, {1}, {9}, {10}, {11}}), fit),
              testing::ElementsAre(1.0, 1.0));
}

TEST(Agreement, OfOneRestartIsNotDefined) {
  const std::vector<double> alone =
      agreement_with_best(world(), make_matrix<float>(world(), {{0}, {1}}), fit_with({centroids_of({{0}})}, 0));

  EXPECT_THAT(alone, testing::ElementsAre(1.0));
  EXPECT_TRUE(std::isnan(mean_agreement(alone, 0)));
}

}  // namespace cardseg::quality
