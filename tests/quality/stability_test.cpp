#include "cardseg/quality/stability.hpp"

#include <gmock/gmock.h>
#include <omp.h>

#include <algorithm>
#include <cmath>

#include "cardseg/cluster/fit.hpp"
#include "cardseg/quality/segmentation.hpp"
#include "support/every_width.hpp"
#include "support/random_rows.hpp"
#include "support/world.hpp"

namespace cardseg::quality {
namespace {

using support::make_matrix;
using support::Rows;
using support::world;

constexpr double verdict_ratio = 3;

Rows four_groups(std::size_t count) {
  Rows rows = support::normal_rows(count, 4, 5);
  for (std::size_t i = 0; i < count; ++i)
    if (i % 4 > 0) rows[i][i % 4] += 8;
  return rows;
}

template <class T>
ResampledModel fitted(const Rows& rows, int segments) {
  core::Events silence;
  cluster::FitOptions options;
  options.segments = segments;
  auto matrix = make_matrix<T>({}, rows);
  const Segmentation found =
      measure_segmentations(comm::Communicator(), matrix,
                            {cluster::fit(comm::Communicator(), matrix, options, silence).centroids})
          .front();
  return {found.centroids, found.customers, found.total_inertia};
}

template <class T>
std::vector<Stability> measured(const comm::Communicator& comm, const Rows& rows,
                                const std::vector<ResampledModel>& models, const ResamplingOptions& options = {}) {
  core::Events silence;
  return measure_stability(comm, make_matrix<T>(comm, rows), models, options, silence);
}

double worst_ratio(const Stability& stability) {
  double worst = HUGE_VAL;
  for (const double each : stability.at_judged().jaccard) worst = std::min(worst, stability.at_judged().ratio(each));
  return worst;
}

double mean_ratio(const Stability& stability) {
  return stability.at_judged().ratio(stability.at_judged().mean_jaccard());
}

std::vector<double> numbers_of(const std::vector<Stability>& all) {
  std::vector<double> numbers;
  for (const Stability& each : all) {
    for (const StabilityAtSize& at : each.sizes) {
      numbers.insert(numbers.end(), at.jaccard.begin(), at.jaccard.end());
      numbers.insert(numbers.end(), {static_cast<double>(at.customers), at.null_jaccard, at.null_deviation});
    }
    numbers.insert(numbers.end(), {each.gap, each.gap_error});
  }
  return numbers;
}

}  // namespace

TEST(Stability, CallsFourClearGroupsStableAndNotSix) {
  const Rows rows = four_groups(4000);
  const std::vector<Stability> found = measured<float>(world(), rows, {fitted<float>(rows, 4), fitted<float>(rows, 6)});

  EXPECT_GT(worst_ratio(found[0]), 10);
  EXPECT_LT(mean_ratio(found[1]), verdict_ratio);
  EXPECT_LT(worst_ratio(found[1]), verdict_ratio);
}

TEST(Stability, CallsOneCloudNotBeyondChance) {
  const Rows rows = support::normal_rows(5000, 3, 9);
  std::vector<ResampledModel> models;
  for (const int segments : {2, 3, 5, 8}) models.push_back(fitted<float>(rows, segments));

  for (const Stability& each : measured<float>(world(), rows, models)) EXPECT_LT(mean_ratio(each), verdict_ratio);
}

TEST(Stability, IsTheSameBitsOnAnyRanksThreadsAndWidths) {
  const Rows rows = support::clustered_rows(1500, 3, 3, 41);
  const std::vector<ResampledModel> models = {fitted<float>(rows, 3), fitted<float>(rows, 4)};
  ResamplingOptions options;
  options.resamples = 3;
  options.twins = 4;
  const std::vector<double> alone = numbers_of(measured<float>({}, rows, models, options));
  for (const int threads : {1, 3}) {
    omp_set_num_threads(threads);
    support::for_every_width(
        [&](const std::string&) { EXPECT_EQ(numbers_of(measured<float>(world(), rows, models, options)), alone); });
  }
  omp_set_num_threads(1);
}

TEST(Stability, TakesTheSmallestSizeThatHoldsFiftyCustomersOfEachSegment) {
  Rows rows = support::normal_rows(2500, 2, 3, 0.0, 0.1);
  for (std::size_t i = 0; i < 2500; i += 25) rows[i][0] += 10;  // 4 % of all
  ResamplingOptions options{.resamples = 2, .twins = 2};
  const Stability fast = measured<double>(world(), rows, {fitted<double>(rows, 2)}, options).front();
  options.trust = Trust::full;
  const Stability full = measured<double>(world(), rows, {fitted<double>(rows, 2)}, options).front();

  EXPECT_EQ(fast.wanted, 1250);
  ASSERT_EQ(fast.sizes.size(), 1u);
  EXPECT_EQ(fast.at_judged().customers, 2500);
  ASSERT_EQ(full.sizes.size(), 2u);
  EXPECT_EQ(full.sizes[0].customers, 1000);
  EXPECT_TRUE(std::isnan(full.sizes[0].jaccard[1]));
  EXPECT_EQ(full.judged, 1u);
  EXPECT_EQ(full.at_judged().jaccard, fast.at_judged().jaccard);
}

TEST(Stability, IsNotTestedWithOneSegmentNorOfFewCustomersNorWhereItIsOff) {
  const Rows rows = support::clustered_rows(2000, 2, 2, 7);
  const Rows few(rows.begin(), rows.begin() + 60);
  const ResampledModel two = fitted<float>(few, 2);

  EXPECT_FALSE(measured<float>(world(), rows, {fitted<float>(rows, 1)}).front().is_tested());
  EXPECT_FALSE(measured<float>(world(), few, {two}).front().is_tested());
  EXPECT_FALSE(measured<float>(world(), rows, {fitted<float>(rows, 2)}, {.trust = Trust::off}).front().is_tested());
}

TEST(Stability, BearsAFeatureOfOneValueAndFewDistinctCustomers) {
  Rows rows;
  for (int i = 0; i < 1200; ++i) rows.push_back({static_cast<double>(i % 3), 5.0});
  const Stability found =
      measured<float>(world(), rows, {fitted<float>(rows, 3)}, {.resamples = 3, .twins = 3}).front();

  EXPECT_THAT(found.at_judged().jaccard, testing::Each(1.0));
}

TEST(Stability, OfACertainInstabilityIsARatio) {
  StabilityAtSize at{.customers = 1000, .jaccard = {0.9, std::nan(""), 0.7}, .null_jaccard = 0.4, .null_deviation = 0};

  EXPECT_DOUBLE_EQ(at.mean_jaccard(), 0.8);
  EXPECT_DOUBLE_EQ(at.ratio(0.8), 3);
  EXPECT_DOUBLE_EQ(at.ratio(1.0), 600);
  EXPECT_TRUE(std::isnan(at.ratio(std::nan(""))));
}

}  // namespace cardseg::quality
