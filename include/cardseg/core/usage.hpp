#pragma once

#include <string>

#include "cardseg/core/error.hpp"

namespace cardseg::core {

/// What a user asked for cannot be (exit code 64).
Error usage_error(std::string reason, std::string remedy);

/// Throws a usage error that names the option where its value is not in [least, most].
void check_range(const char* option, double value, double least, double most);

}  // namespace cardseg::core
