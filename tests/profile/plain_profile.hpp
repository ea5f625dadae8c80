// Figures of a group of numbers by the shortest way: sorted, added up in 113 bits. What compute_profile is held to.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "cardseg/profile/profile.hpp"

namespace cardseg::profile {

__extension__ typedef __float128 Quad;

struct PlainNumbers {
  std::int64_t present = 0;
  std::int64_t zeros = 0;
  Quad mean = std::numeric_limits<double>::quiet_NaN();
  double sd = std::numeric_limits<double>::quiet_NaN();
  std::array<double, quantile_shares.size()> quantile = {};
  double largest = 0.0;
  double second = 0.0;
  double magnitudes = 0.0;
};

/// The present values of a group (0: of all).
inline std::vector<double> values_of(const std::vector<double>& values, const std::vector<std::int32_t>& groups,
                                     std::int32_t group) {
  std::vector<double> taken;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isnan(values[i]) && (group == 0 || groups[i] == group)) taken.push_back(values[i]);
  return taken;
}

/// Type 7 of sorted values; NaN of none.
inline double plain_quantile(const std::vector<double>& sorted, double p) {
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double position = static_cast<double>(sorted.size() - 1) * p;  // as type 7 has it
  const auto below = static_cast<std::size_t>(position);
  const double low = sorted[below];
  const double high = sorted[std::min(below + 1, sorted.size() - 1)];
  return low + (high - low) * (position - std::floor(position));
}

inline PlainNumbers plain_numbers(std::vector<double> values) {
  PlainNumbers found;
  std::ranges::sort(values);
  found.present = std::ssize(values);
  Quad sum = 0;
  for (const double x : values) {
    sum += x;
    found.zeros += x == 0.0 ? 1 : 0;
  }
  for (std::size_t q = 0; q < quantile_shares.size(); ++q)
    found.quantile[q] = plain_quantile(values, quantile_shares[q]);
  if (values.empty()) return found;
  const Quad count = static_cast<double>(values.size());
  found.mean = sum / count;
  Quad squares = 0;
  for (const double x : values) squares += (x - found.mean) * (x - found.mean);
  found.sd = std::sqrt(static_cast<double>(squares / count));
  for (double& x : values) x = std::abs(x);
  std::ranges::sort(values, std::greater());
  found.largest = values[0];
  found.second = values.size() > 1 ? values[1] : 0.0;
  for (const double x : values) found.magnitudes += x;
  return found;
}

/// By the definition in docs/profile.md: bins that end at the whole's order statistics at 1 %, ..., 99 %, and each end
/// a bin of its own.
inline double plain_overlap(const std::vector<double>& group, std::vector<double> whole) {
  std::ranges::sort(whole);
  std::vector<double> ends;
  for (int i = 1; i < 100; ++i)
    ends.push_back(whole[static_cast<std::size_t>(static_cast<double>(whole.size() - 1) * (i / 100.0))]);
  const auto share = [&](const std::vector<double>& of, auto is_in) {
    return static_cast<double>(std::ranges::count_if(of, is_in)) / static_cast<double>(of.size());
  };
  double overlap = 0.0;
  const auto add = [&](auto is_in) { overlap += std::min(share(group, is_in), share(whole, is_in)); };
  double before = -std::numeric_limits<double>::infinity();
  for (const double end : ends) {
    if (end == before) continue;
    add([&](double x) { return x > before && x < end; });
    add([&](double x) { return x == end; });
    before = end;
  }
  add([&](double x) { return x > before; });
  return overlap;
}

}  // namespace cardseg::profile
