#include "cardseg/core/check_range.hpp"

#include <fmt/format.h>

#include "cardseg/core/error.hpp"

namespace cardseg::core {

void check_range(const char* option, double value, double least, double most) {
  if (value >= least && value <= most) return;
  throw Error(ExitCode::usage, fmt::format("{} cannot be {}", option, value))
      .remedy(fmt::format("It is a number from {} to {}", least, most));
}

}  // namespace cardseg::core
