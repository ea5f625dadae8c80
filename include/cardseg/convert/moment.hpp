// A day and the time of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "cardseg/convert/csv_conventions.hpp"

namespace cardseg::convert {

struct Moment {
  std::int32_t days = 0;     ///< since 1970-01-01
  std::int32_t second = -1;  ///< of the day, as it is written, whatever the zone; -1 where there is none
};

/// A date, 2019-01-31, 20190131 or in the order that was given, also with a time behind a blank or T: 15:30, 15:30:59,
/// 15:30:59.5, and a zone behind that, which is passed over: Z, +02:00.
std::optional<Moment> moment_in(std::string_view value, DateOrder order);

}  // namespace cardseg::convert
