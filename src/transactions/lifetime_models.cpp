#include "cardseg/transactions/lifetime_models.hpp"

#include <cmath>
#include <limits>

namespace cardseg::transactions {
namespace {

// Half the distance around a = 1 over which the expectation is taken from both sides: it is smooth there, its formula
// is 0 / 0.
constexpr double around_one = 1e-4;
constexpr double near_one = 1e-6;
constexpr int most_terms = 100'000;

// Gauss's series of 2F1(a, b; c; z), 0 <= z < 1.
double hypergeometric(double a, double b, double c, double z) {
  double sum = 1.0;
  double term = 1.0;
  for (int j = 0; j < most_terms; ++j) {
    term *= (a + j) * (b + j) / ((c + j) * (j + 1)) * z;
    sum += term;
    if (std::abs(term) <= std::numeric_limits<double>::epsilon() / 4 * std::abs(sum)) break;
  }
  return sum;
}

// The odds of having left: 0 without repeat days.
double odds_of_gone(const BgNbd& model, const RepeatPurchases& customer) {
  if (customer.x == 0) return 0.0;
  const double t = customer.t / days_a_time_unit;
  const double t_x = customer.t_x / days_a_time_unit;
  const double x = customer.x;
  return model.a / (model.b + x - 1.0) * std::exp((model.r + x) * std::log((model.alpha + t) / (model.alpha + t_x)));
}

}  // namespace

double alive_probability(const BgNbd& model, const RepeatPurchases& customer) {
  return 1.0 / (1.0 + odds_of_gone(model, customer));
}

double expected_days(const BgNbd& model, const RepeatPurchases& customer, std::int64_t horizon) {
  if (std::abs(model.a - 1.0) < near_one) {
    BgNbd below = model;
    BgNbd above = model;
    below.a = 1.0 - around_one;
    above.a = 1.0 + around_one;
    return (expected_days(below, customer, horizon) + expected_days(above, customer, horizon)) / 2.0;
  }
  const double ahead = static_cast<double>(horizon) / days_a_time_unit;
  const double past = model.alpha + customer.t / days_a_time_unit;
  const double x = customer.x;
  const double c = model.a + model.b + x - 1.0;
  const double still = std::exp((model.r + x) * std::log(past / (past + ahead))) *
                       hypergeometric(model.r + x, model.b + x, c, ahead / (past + ahead));
  return c / (model.a - 1.0) * (1.0 - still) / (1.0 + odds_of_gone(model, customer));
}

double expected_day_value(const GammaGamma& model, const RepeatPurchases& customer, double unit) {
  const double below = model.p * customer.x + model.q - 1.0;
  if (below <= 0.0) return std::numeric_limits<double>::quiet_NaN();
  return model.p * (model.gamma + static_cast<double>(customer.amount) / unit) / below;
}

}  // namespace cardseg::transactions
