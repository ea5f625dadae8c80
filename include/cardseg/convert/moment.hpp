// A day and the time of it.
#pragma once

#include <cstdint>

namespace cardseg::convert {

struct Moment {
  std::int32_t days = 0;     ///< since 1970-01-01
  std::int32_t second = -1;  ///< of the day, as it is written, whatever the zone; -1 where there is none
};

}  // namespace cardseg::convert
