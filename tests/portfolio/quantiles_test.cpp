#include "cardseg/portfolio/quantiles.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>

#include "support/split.hpp"
#include "support/world.hpp"

namespace cardseg::portfolio {
namespace {

using support::local_part;
using support::world;
using testing::Each;
using testing::ElementsAre;
using testing::IsNan;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double smallest = std::numeric_limits<double>::denorm_min();

std::vector<double> quantiles_on(const comm::Communicator& comm, const std::vector<double>& all,
                                 const std::vector<double>& probabilities) {
  return compute_quantiles(comm, local_part(comm, all), probabilities);
}

// The (n p)-th of n sorted values, for probabilities that fall on a value.
double order_statistic(std::vector<double> values, std::size_t place) {
  std::sort(values.begin(), values.end());
  return values[place];
}

}  // namespace

TEST(Quantiles, InterpolateLinearlyAsNumpyDoesByDefault) {
  const std::vector<double> values = {7, 1, 3, 10};  // numpy.quantile([7, 1, 3, 10], ...) = 1, 1.6, 2.5, 5, 7.75, 10

  EXPECT_THAT(quantiles_on(world(), values, {0, 0.1, 0.25, 0.5, 0.75, 1}), ElementsAre(1, 1.6, 2.5, 5, 7.75, 10));
}

TEST(Quantiles, MayBeTheLowerOrTheHigherValueBesideThem) {
  const std::vector<double> values = {7, 1, 3, 10};  // numpy.quantile([7, 1, 3, 10], 0.25, method="lower"), ...
  const std::array<Quantile, 4> asked = {Quantile{0.25, QuantileMethod::lower}, Quantile{0.25, QuantileMethod::higher},
                                         Quantile{1.0 / 3, QuantileMethod::higher},
                                         Quantile{1, QuantileMethod::higher}};

  EXPECT_THAT(compute_quantiles(world(), local_part(world(), values), asked), ElementsAre(1, 3, 3, 10));
}

TEST(Quantiles, AreTheSortedValuesWhereTheyFallOnOne) {
  std::mt19937_64 random(5);
  std::lognormal_distribution<double> heavy(0, 4);
  std::vector<double> values(1001);
  for (double& value : values) value = heavy(random) * (random() % 2 ? 1 : -1);

  const std::vector<double> found = quantiles_on(world(), values, {0.001, 0.25, 0.5, 0.999});

  EXPECT_THAT(found, ElementsAre(order_statistic(values, 1), order_statistic(values, 250), order_statistic(values, 500),
                                 order_statistic(values, 999)));
}

TEST(Quantiles, AreTheSameBitsOnAllRankCounts) {
  std::mt19937_64 random(6);
  std::normal_distribution<double> normal(1e6, 1e-3);
  std::vector<double> values(501);
  for (double& value : values) value = random() % 10 ? normal(random) : nan;
  const std::vector<double> probabilities = {0, 0.01, 1.0 / 3, 0.5, 0.77, 1};

  EXPECT_EQ(quantiles_on(world(), values, probabilities), quantiles_on(comm::Communicator(), values, probabilities));
}

TEST(Quantiles, LeaveMissingValuesOut) {
  EXPECT_THAT(quantiles_on(world(), {nan, 4, nan, nan, 2, nan}, {0, 0.5, 1}), ElementsAre(2, 3, 4));
}

TEST(Quantiles, AreNanWhereEveryValueIsMissingOrThereIsNone) {
  EXPECT_THAT(quantiles_on(world(), {nan, nan, nan}, {0.25, 0.5}), ElementsAre(IsNan(), IsNan()));
  EXPECT_THAT(quantiles_on(world(), {}, {0.5}), ElementsAre(IsNan()));
}

TEST(Quantiles, OfOneValueAreThatValueOnRanksThatHoldNone) {
  EXPECT_THAT(quantiles_on(world(), {-3.25}, {0, 0.3, 0.5, 1}), Each(-3.25));
}

TEST(Quantiles, CountDuplicatesEachTime) {
  EXPECT_THAT(quantiles_on(world(), {5, 5, 5, 5, 5, 5, 9}, {0.5, 5.0 / 6, 1}), ElementsAre(5, 5, 9));
}

TEST(Quantiles, OrderNegativeValuesAndTellDenormalsApart) {
  const std::vector<double> values = {smallest, -smallest, 0, -1e150, 1e150, 2 * smallest, -2 * smallest};

  const std::vector<double> found = quantiles_on(world(), values, {0, 1.0 / 6, 2.0 / 6, 3.0 / 6, 4.0 / 6, 5.0 / 6, 1});

  EXPECT_THAT(found, ElementsAre(-1e150, -2 * smallest, -smallest, 0, smallest, 2 * smallest, 1e150));
}

TEST(Quantiles, GivePositiveZeroForEitherZero) {
  for (double zero : quantiles_on(world(), {-0.0, 0.0, -0.0, -0.0}, {0, 0.4, 0.5, 1})) {
    EXPECT_EQ(zero, 0.0);
    EXPECT_FALSE(std::signbit(zero));
  }
}

TEST(Quantiles, AnswerNoQuestionWithNothing) { EXPECT_TRUE(quantiles_on(world(), {1, 2}, {}).empty()); }

}  // namespace cardseg::portfolio
