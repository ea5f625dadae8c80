// What a customer will buy: BG/NBD for how often, Gamma-Gamma for how much.
//
// Fader, Hardie, Lee (2005), "Counting your customers" the easy way: an alternative to the Pareto/NBD model, Marketing
// Science 24(2). Fader, Hardie (2013), The Gamma-Gamma model of monetary value. Times are in weeks of 7 days.
#pragma once

#include <cstdint>

namespace cardseg::transactions {

inline constexpr double days_a_time_unit = 7.0;

/// How a maximum-likelihood fit went.
struct LikelihoodFit {
  std::int64_t customers = 0;   ///< on whom it rests
  double log_likelihood = 0.0;  ///< of all of them
  int iterations = 0;
  bool has_converged = false;  ///< no derivative of the mean log-likelihood by a logarithm of a parameter above 1e-6
};

/// While alive a customer buys at a rate of its own, gamma(r, alpha) among customers; behind each purchase it leaves
/// with a probability of its own, beta(a, b) among customers.
struct BgNbd {
  double r = 0.0;
  double alpha = 0.0;  ///< time units
  double a = 0.0;
  double b = 0.0;
  LikelihoodFit fit;
};

/// Mean spend of a day with purchases: gamma(p x, v x) around a customer's own mean, v gamma(q, gamma) among customers.
struct GammaGamma {
  double p = 0.0;
  double q = 0.0;
  double gamma = 0.0;  ///< whole units of money
  LikelihoodFit fit;
  double correlation = 0.0;  ///< of repeat days and their mean spend, which the model takes for independent
};

/// What the models know of one customer: the summary of its days with purchases.
struct RepeatPurchases {
  std::int32_t x = 0;       ///< days with purchases but the first
  std::int32_t t_x = 0;     ///< days from the first to the last
  std::int32_t t = 0;       ///< days from the first to the date, T
  std::int64_t amount = 0;  ///< spend on the x days, in the smallest unit of money
};

struct LifetimeModels {
  BgNbd purchases;
  GammaGamma spend;
};

/// Pure. The probability that the customer is still alive, between 0 and 1. Of one without repeat days it is 1: nobody
/// leaves before a purchase that follows.
double alive_probability(const BgNbd& model, const RepeatPurchases& customer);

/// Pure. Expected days with purchases in the `horizon` days behind the date.
double expected_days(const BgNbd& model, const RepeatPurchases& customer, std::int64_t horizon);

/// Pure. Expected spend of a day with purchases, in whole units of money; `unit` smallest units are one whole. NaN
/// where q <= 1 leaves no mean to a customer without repeat days.
double expected_day_value(const GammaGamma& model, const RepeatPurchases& customer, double unit);

}  // namespace cardseg::transactions
