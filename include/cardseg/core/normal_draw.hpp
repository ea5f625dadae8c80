// Standard normal numbers from random words of 32 bits.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

namespace cardseg::core {

/// Standard normal quantile of p, 0 < p < 1: P. J. Acklam's rational approximation (2003), relative error below 1.2e-9.
inline double normal_quantile(double p) {
  constexpr double low = 0.02425;
  if (p < low || p > 1 - low) {
    const double q = std::sqrt(-2 * std::log(p < low ? p : 1 - p));
    const double x = (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e+00) * q -
                        2.549732539343734e+00) *
                           q +
                       4.374664141464968e+00) *
                          q +
                      2.938163982698783e+00) /
                     ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e+00) * q +
                       3.754408661907416e+00) *
                          q +
                      1);
    return p < low ? x : -x;
  }
  const double q = p - 0.5;
  const double r = q * q;
  return (((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r +
            1.383577518672690e+02) *
               r -
           3.066479806614716e+01) *
              r +
          2.506628277459239e+00) *
         q /
         (((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r +
            6.680131188771972e+01) *
               r -
           1.328068155288572e+01) *
              r +
          1);
}

/// The middle of the word's interval: uniform in (0, 1), never 0 or 1.
inline double uniform_of(std::uint32_t word) { return (static_cast<double>(word) + 0.5) * 0x1p-32; }

/// Quantiles of k / 1024; the ends are not used.
inline const std::array<double, 1025> normal_knots = [] {
  std::array<double, 1025> knots{};
  for (std::size_t k = 1; k < 1024; ++k) knots[k] = normal_quantile(static_cast<double>(k) / 1024);
  return knots;
}();

/// A standard normal number from a word: the quantile between two knots is taken as a straight line, which is off by
/// less than 0.02 and saves logarithms and divisions; beyond the outermost knots (3.1 standard deviations) it is exact.
inline double normal_of(std::uint32_t word) {
  const std::uint32_t cell = word >> 22;
  if (cell == 0 || cell == 1023) return normal_quantile(uniform_of(word));
  const double within = (static_cast<double>(word & 0x3FFFFF) + 0.5) * 0x1p-22;
  return normal_knots[cell] + within * (normal_knots[cell + 1] - normal_knots[cell]);
}

}  // namespace cardseg::core
