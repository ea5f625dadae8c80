#include "cardseg/core/number_text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace cardseg::core {

double widened(float value) {
  if (!std::isfinite(value)) return static_cast<double>(value);
  std::array<char, 32> text{};
  const auto [end, unused] = std::to_chars(text.data(), text.data() + text.size(), value);
  double wide = 0.0;
  std::from_chars(text.data(), end, wide);
  return wide;
}

std::string number_text(double value) { return std::isnan(value) ? "" : fmt::format("{}", value); }

}  // namespace cardseg::core
