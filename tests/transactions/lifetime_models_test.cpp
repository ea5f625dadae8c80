#include "cardseg/transactions/lifetime_models.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cardseg/transactions/period.hpp"
#include "transactions/minimise.hpp"

namespace cardseg::transactions {
namespace {

constexpr double cents = 100.0;

// What Fader, Hardie and Lee (2005) found in their tenth of CDNOW.
constexpr BgNbd published{0.243, 4.414, 0.793, 2.426, {}};
constexpr std::int64_t horizon = 273;  // 39 weeks

TEST(LifetimeModels, ExpectsWhatThePaperPrints) {
  const RepeatPurchases first{2, 213, 272, 0};  // t_x = 30.43 weeks, T = 38.86
  EXPECT_NEAR(expected_days(published, first, horizon), 1.226, 5e-4);
}

TEST(LifetimeModels, KnowsThatNobodyLeavesBeforeARepeatPurchase) {
  EXPECT_EQ(alive_probability(published, {0, 0, 200, 0}), 1.0);
  EXPECT_LT(alive_probability(published, {20, 100, 272, 0}), 0.01);
  EXPECT_GT(alive_probability(published, {20, 270, 272, 0}), 0.9);
}

TEST(LifetimeModels, ExpectsMoreOverALongerHorizonAndNothingOverNone) {
  const RepeatPurchases customer{3, 150, 200, 0};
  EXPECT_EQ(expected_days(published, customer, 0), 0.0);
  EXPECT_LT(expected_days(published, customer, 30), expected_days(published, customer, 60));
}

TEST(LifetimeModels, IsSmoothWhereTheFormulaIsZeroByZero) {
  const RepeatPurchases customer{3, 150, 200, 0};
  BgNbd model = published;
  model.a = 1.0;
  const double at = expected_days(model, customer, horizon);
  model.a = 1.0 + 1e-3;
  const double beside = expected_days(model, customer, horizon);
  EXPECT_NEAR(at, beside, 2e-3 * at);
  EXPECT_NE(at, beside);
}

TEST(LifetimeModels, PullsTheMeanSpendTowardsThatOfAll) {
  const GammaGamma model{6.25, 3.74, 15.44, {}, 0.0};
  const double of_all = 6.25 * 15.44 / 2.74;
  EXPECT_DOUBLE_EQ(expected_day_value(model, {0, 0, 10, 0}, cents), of_all);
  const double one_day = expected_day_value(model, {1, 5, 10, 10'000}, cents);
  const double many_days = expected_day_value(model, {50, 100, 200, 500'000}, cents);
  EXPECT_LT(of_all, one_day);
  EXPECT_LT(one_day, many_days);
  EXPECT_LT(many_days, 100.0);
  EXPECT_TRUE(std::isnan(expected_day_value({6.25, 0.9, 15.44, {}, 0.0}, {0, 0, 10, 0}, cents)));
}

TEST(Minimise, FindsTheEndOfACurvedValley) {
  const SmoothFunction rosenbrock = [](const Eigen::VectorXd& at, Eigen::VectorXd& gradient) {
    const double across = at[1] - at[0] * at[0];
    gradient << -400.0 * at[0] * across - 2.0 * (1.0 - at[0]), 200.0 * across;
    return 100.0 * across * across + (1.0 - at[0]) * (1.0 - at[0]);
  };
  const Minimum found = minimise(rosenbrock, Eigen::Vector2d(-1.2, 1.0));
  EXPECT_TRUE(found.has_converged);
  EXPECT_LT(found.iterations, 80);
  EXPECT_NEAR(found.at[0], 1.0, 1e-8);
  EXPECT_NEAR(found.at[1], 1.0, 1e-8);
}

TEST(Minimise, SaysThatThereIsNoMinimum) {
  const SmoothFunction slope = [](const Eigen::VectorXd& at, Eigen::VectorXd& gradient) {
    gradient << 1.0;
    return at[0];
  };
  EXPECT_FALSE(minimise(slope, Eigen::VectorXd::Zero(1)).has_converged);
}

TEST(Horizon, ReachesToTheSameDayOfALaterMonth) {
  const Day last = parse_day("2026-01-31", "day");
  EXPECT_EQ(day_text(last + parse_horizon("1m", last, "horizon")), "2026-02-28");
  EXPECT_EQ(parse_horizon("52w", last, "horizon"), 364);
  EXPECT_EQ(parse_horizon("1y", last, "horizon"), 365);
  EXPECT_EQ(parse_horizon("", last, "horizon"), 0);
}

}  // namespace
}  // namespace cardseg::transactions
