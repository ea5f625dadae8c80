#include "cardseg/core/number_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace cardseg::core {

std::string number_text(double value) { return std::isnan(value) ? "" : fmt::format("{}", value); }

}  // namespace cardseg::core
