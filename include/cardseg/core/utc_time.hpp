// Moments as files and messages write them.
#pragma once

#include <string>

namespace cardseg::core {

/// This moment in whole seconds of UTC: 2026-02-03T04:05:06Z.
std::string utc_now();

}  // namespace cardseg::core
