// The name of this machine, for files that say who writes them.
#pragma once

#include <string>

namespace cardseg::io {

/// Empty where it cannot be had.
std::string host_name();

}  // namespace cardseg::io
