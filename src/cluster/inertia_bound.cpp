#include "cardseg/cluster/inertia_bound.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string>

namespace cardseg::cluster {
namespace {

// Share of the trace: more than rounding takes, so that the bound holds and simple numbers are not on the edge.
constexpr double margin = 1e-9;

// Exactly: the decimal digits of a double end.
double three_digits_down(double value) {
  std::string digits = fmt::format("{:.800e}", value);
  return std::stod(digits.erase(4, digits.find('e') - 4));
}

}  // namespace

std::optional<InertiaBound> bound_inertia(const std::optional<portfolio::Covariance>& covariance,
                                          std::int64_t customers, int segments) {
  if (!covariance || segments < 2 || segments > covariance->features) return std::nullopt;
  const std::vector<double> values = portfolio::eigenvalues(*covariance);
  const double trace = std::accumulate(values.begin(), values.end(), 0.0);
  const double left = std::accumulate(values.begin() + (segments - 1), values.end(), 0.0);
  const double least = static_cast<double>(customers) * (left - margin * trace);
  if (!(least > 0)) return std::nullopt;
  return InertiaBound{three_digits_down(least), covariance->is_of_sample};
}

}  // namespace cardseg::cluster
