#include "profile/associations.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace cardseg::profile {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::int64_t sum_of(const std::vector<std::int64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

}  // namespace

double squared_cramers_v(const CountTable& table) {
  if (table.empty()) return nan;
  std::vector<std::int64_t> rows;
  std::vector<std::int64_t> columns(table.front().size());
  for (const auto& row : table) {
    rows.push_back(sum_of(row));
    std::ranges::transform(columns, row, columns.begin(), std::plus());
  }
  const auto is_any = [](std::int64_t count) { return count > 0; };
  const auto least = std::min(std::ranges::count_if(rows, is_any), std::ranges::count_if(columns, is_any)) - 1;
  if (least < 1) return nan;
  const auto all = static_cast<double>(sum_of(rows));
  // chi^2 / n = sum n_rc^2 / (n_r n_c) - 1, as a sum of squared differences, which do not cancel
  double chi_square = 0.0;
  for (std::size_t r = 0; r < table.size(); ++r)
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const double expected = static_cast<double>(rows[r]) * static_cast<double>(columns[c]) / all;
      if (expected == 0.0) continue;
      const double difference = static_cast<double>(table[r][c]) - expected;
      chi_square += difference * difference / expected;
    }
  return std::min(1.0, chi_square / (all * static_cast<double>(least)));
}

double cramers_v_of_group(const std::vector<std::int64_t>& group, const std::vector<std::int64_t>& whole) {
  std::vector<std::int64_t> rest;
  for (std::size_t l = 0; l < whole.size(); ++l) rest.push_back(whole[l] - group[l]);
  if (sum_of(group) == 0) return nan;
  const double squared = squared_cramers_v({group, rest});
  return std::isnan(squared) ? 0.0 : std::sqrt(squared);
}

double overlap_of(const std::vector<std::int64_t>& group, const std::vector<std::int64_t>& whole) {
  const auto n = static_cast<double>(sum_of(group));
  const auto all = static_cast<double>(sum_of(whole));
  if (n == 0.0 || all == 0.0) return nan;
  double overlap = 0.0;
  for (std::size_t l = 0; l < whole.size(); ++l)
    overlap += std::min(static_cast<double>(group[l]) / n, static_cast<double>(whole[l]) / all);
  return std::min(overlap, 1.0);
}

}  // namespace cardseg::profile
