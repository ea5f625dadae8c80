#include "report/nice_ticks.hpp"

#include <cmath>

namespace cardseg::report {

std::vector<double> nice_ticks(double low, double high) {
  if (!(high > low)) return {0.0, 1.0};
  constexpr double wanted = 4;
  const double rough = (high - low) / wanted;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  const double step = power * (rough / power < 1.5 ? 1 : rough / power < 3.5 ? 2 : rough / power < 7.5 ? 5 : 10);
  std::vector<double> ticks;
  for (double n = std::floor(low / step); n <= std::ceil(high / step); ++n) ticks.push_back(n * step);
  return ticks;
}

}  // namespace cardseg::report
