#include "cardseg/core/usage.hpp"

#include <fmt/format.h>

#include <utility>

namespace cardseg::core {

Error usage_error(std::string reason, std::string remedy) {
  return Error(ExitCode::usage, std::move(reason)).remedy(std::move(remedy));
}

void check_range(const char* option, double value, double least, double most) {
  if (value >= least && value <= most) return;
  throw usage_error(fmt::format("{} cannot be {}", option, value),
                    fmt::format("It is a number from {} to {}", least, most));
}

}  // namespace cardseg::core
