#include "transactions/fit_lifetimes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "transactions/likelihood_sum.hpp"
#include "transactions/minimise.hpp"

namespace cardseg::transactions {
namespace {

namespace policies = boost::math::policies;
using core::Error;
using core::ExitCode;
using Eigen::VectorXd;

// Where a search strays too far, values are no numbers, and no exceptions in threads.
using NoThrow =
    policies::policy<policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
                     policies::overflow_error<policies::ignore_error>,
                     policies::evaluation_error<policies::ignore_error>, policies::promote_double<false>>;

constexpr double high_correlation = 0.3;

double lgamma(double x) { return boost::math::lgamma(x, NoThrow()); }
double digamma(double x) { return boost::math::digamma(x, NoThrow()); }

// Customers whose days are the same.
struct EqualDays {
  RepeatPurchases days;
  std::int64_t count = 0;
};

std::vector<EqualDays> equal_days(std::span<const RepeatPurchases> customers) {
  const auto key = [](const RepeatPurchases& each) { return std::tuple(each.x, each.t_x, each.t); };
  std::vector<RepeatPurchases> sorted(customers.begin(), customers.end());
  std::ranges::sort(sorted, {}, key);
  std::vector<EqualDays> joined;
  for (const RepeatPurchases& each : sorted) {
    if (joined.empty() || key(joined.back().days) != key(each)) joined.push_back({each, 0});
    ++joined.back().count;
  }
  return joined;
}

// Fader, Hardie and Lee (2005), equation 6, and its derivatives by ln r, ln alpha, ln a and ln b.
LikelihoodTerm<4> bg_nbd_term(const BgNbd& model, const RepeatPurchases& customer) {
  const auto [r, alpha, a, b, fit] = model;
  const double x = customer.x;
  const double t = customer.t / days_a_time_unit;
  const double t_x = customer.t_x / days_a_time_unit;
  const double log_t = std::log(alpha + t);
  const double log_t_x = std::log(alpha + t_x);
  const double log_alive = -(r + x) * log_t;
  double log_either = log_alive;
  double gone = 0.0;  // the probability of having left
  if (customer.x > 0) {
    const double log_gone = std::log(a / (b + x - 1.0)) - (r + x) * log_t_x;
    const double larger = std::max(log_alive, log_gone);
    log_either = larger + std::log(std::exp(log_alive - larger) + std::exp(log_gone - larger));
    gone = std::exp(log_gone - log_either);
  }
  const double alive = 1.0 - gone;
  const double value = lgamma(r + x) - lgamma(r) + r * std::log(alpha) + lgamma(a + b) + lgamma(b + x) - lgamma(b) -
                       lgamma(a + b + x) + log_either;
  const double by_r = digamma(r + x) - digamma(r) + std::log(alpha) - alive * log_t - gone * log_t_x;
  const double by_alpha = r / alpha - (r + x) * (alive / (alpha + t) + gone / (alpha + t_x));
  const double both = digamma(a + b) - digamma(a + b + x);
  const double by_a = both + gone / a;
  const double by_b = both + digamma(b + x) - digamma(b) - (customer.x > 0 ? gone / (b + x - 1.0) : 0.0);
  return {value, r * by_r, alpha * by_alpha, a * by_a, b * by_b};
}

BgNbd bg_nbd_at(const VectorXd& logarithms) {
  const VectorXd parameters = logarithms.array().exp();
  return {parameters[0], parameters[1], parameters[2], parameters[3], {}};
}

LikelihoodFit outcome_of(const Minimum& found, std::int64_t customers) {
  return {customers, -found.value * static_cast<double>(customers), found.iterations, found.has_converged};
}

// Collective over comm.
BgNbd fit_bg_nbd(const comm::Communicator& comm, std::span<const RepeatPurchases> local) {
  const std::vector<EqualDays> groups = comm::agree(comm, [&] { return equal_days(local); });
  const std::int64_t customers = comm.sum(std::ssize(local));
  std::int64_t days = 0;
  std::int64_t repeats = 0;
  for (const RepeatPurchases& each : local) days += each.t, repeats += each.x;
  days = comm.sum(days);
  if (comm.sum(repeats) == 0)
    throw comm::AgreedError(
        Error(ExitCode::bad_data, "no customer bought on two days: what they will buy cannot be estimated")
            .remedy("Look at the customers' ids and the dates, or leave the horizon out"));
  const SmoothFunction function = [&](const VectorXd& at, VectorXd& gradient) {
    const BgNbd model = bg_nbd_at(at);
    return mean_likelihood<4>(
        comm, groups.size(), customers, [&](std::size_t g) { return bg_nbd_term(model, groups[g].days); },
        [&](std::size_t g) { return groups[g].count; }, gradient);
  };
  VectorXd start = VectorXd::Zero(4);
  start[1] = std::log(std::max(1.0, static_cast<double>(days) / static_cast<double>(customers) / days_a_time_unit));
  const Minimum found = minimise(function, start);
  BgNbd model = bg_nbd_at(found.at);
  model.fit = outcome_of(found, customers);
  return model;
}

// Fader and Hardie (2013), equation 1, and its derivatives by ln p, ln q and ln gamma; x repeat days of mean spend m.
LikelihoodTerm<3> gamma_gamma_term(const GammaGamma& model, double x, double m) {
  const double p = model.p;
  const double q = model.q;
  const double gamma = model.gamma;
  const double shape = p * x + q;
  const double log_sum = std::log(gamma + m * x);
  const double value = lgamma(shape) - lgamma(p * x) - lgamma(q) + q * std::log(gamma) + (p * x - 1.0) * std::log(m) +
                       p * x * std::log(x) - shape * log_sum;
  const double by_p = x * (digamma(shape) - digamma(p * x) + std::log(m) + std::log(x) - log_sum);
  const double by_q = digamma(shape) - digamma(q) + std::log(gamma) - log_sum;
  const double by_gamma = q / gamma - shape / (gamma + m * x);
  return {value, p * by_p, q * by_q, gamma * by_gamma};
}

GammaGamma gamma_gamma_at(const VectorXd& logarithms) {
  const VectorXd parameters = logarithms.array().exp();
  return {parameters[0], parameters[1], parameters[2], {}, 0.0};
}

// A customer with spend on repeat days.
struct RepeatSpend {
  double x = 0.0;
  double mean = 0.0;  // of all customers' mean
};

// Collective over comm. Pearson's, from sums of figures on a grid.
double correlation_of(const comm::Communicator& comm, const std::vector<RepeatSpend>& local, std::int64_t customers) {
  VectorXd means(5);
  mean_likelihood<5>(
      comm, local.size(), customers,
      [&](std::size_t i) {
        const auto [x, m] = local[i];
        return LikelihoodTerm<5>{0.0, x, m, x * x, m * m, x * m};
      },
      [](std::size_t) { return std::int64_t{1}; }, means);
  means = -means;
  const double x_variance = means[2] - means[0] * means[0];
  const double m_variance = means[3] - means[1] * means[1];
  if (x_variance <= 0.0 || m_variance <= 0.0) return 0.0;
  return (means[4] - means[0] * means[1]) / std::sqrt(x_variance * m_variance);
}

// Collective over comm. Amounts are divided by all customers' mean: gamma is of order one, and so is the start.
GammaGamma fit_gamma_gamma(const comm::Communicator& comm, std::span<const RepeatPurchases> local, double unit) {
  std::array<core::int128, 2> totals{};
  std::int64_t customers = 0;
  for (const RepeatPurchases& each : local) {
    if (each.amount <= 0) continue;
    ++customers;
    totals[0] += each.amount;
    totals[1] += each.x;
  }
  comm.allreduce_sum(std::span(totals));
  customers = comm.sum(customers);
  if (customers == 0)
    throw comm::AgreedError(Error(ExitCode::bad_data,
                                  "no customer spent anything behind its first day: what purchases will be worth "
                                  "cannot be estimated")
                                .remedy("Look at the amounts, or leave the horizon out"));
  const double mean = static_cast<double>(totals[0]) / static_cast<double>(totals[1]);
  const std::vector<RepeatSpend> spend = comm::agree(comm, [&] {
    std::vector<RepeatSpend> made;
    for (const RepeatPurchases& each : local)
      if (each.amount > 0) made.push_back({double(each.x), static_cast<double>(each.amount) / each.x / mean});
    return made;
  });
  const SmoothFunction function = [&](const VectorXd& at, VectorXd& gradient) {
    const GammaGamma model = gamma_gamma_at(at);
    return mean_likelihood<3>(
        comm, spend.size(), customers,
        [&](std::size_t i) { return gamma_gamma_term(model, spend[i].x, spend[i].mean); },
        [](std::size_t) { return std::int64_t{1}; }, gradient);
  };
  const Minimum found = minimise(function, VectorXd::Zero(3));
  GammaGamma model = gamma_gamma_at(found.at);
  model.gamma *= mean / unit;
  model.fit = outcome_of(found, customers);
  // Densities of amounts, not of multiples of their mean.
  model.fit.log_likelihood -= static_cast<double>(customers) * std::log(mean / unit);
  model.correlation = correlation_of(comm, spend, customers);
  return model;
}

}  // namespace

LifetimeModels fit_lifetimes(const comm::Communicator& comm, std::span<const RepeatPurchases> local, double unit) {
  const BgNbd purchases = fit_bg_nbd(comm, local);
  return {purchases, fit_gamma_gamma(comm, local, unit)};
}

std::vector<std::string> warnings_of(const LifetimeModels& models) {
  std::vector<std::string> warnings;
  const auto check = [&](const LikelihoodFit& fit, const char* name) {
    if (fit.has_converged) return;
    warnings.push_back(
        fmt::format("lifetime value: the likelihood of {} has no clear maximum after {} steps: its parameters "
                    "and what is made of them are rough",
                    name, fit.iterations));
  };
  check(models.purchases.fit, "BG/NBD");
  check(models.spend.fit, "Gamma-Gamma");
  if (std::abs(models.spend.correlation) > high_correlation)
    warnings.push_back(
        fmt::format("lifetime value: how often people buy goes with how much they spend on a day "
                    "(correlation {:.2f}), which Gamma-Gamma takes for independent: the value of "
                    "frequent customers is {}",
                    models.spend.correlation, models.spend.correlation > 0 ? "low" : "high"));
  if (models.spend.q <= 1.0)
    warnings.push_back(
        "lifetime value: spend varies so much among customers that it has no mean: those without "
        "repeat purchases get no value");
  return warnings;
}

}  // namespace cardseg::transactions
