// Dates as people write them, as days since 1970-01-01 in the Gregorian calendar.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "cardseg/convert/csv_conventions.hpp"

namespace cardseg::convert {

/// 2019-01-31, also with midnight behind it (2019-01-31 00:00:00, 2019-01-31T00:00:00.000Z). Years 1 to 9999.
std::optional<std::int32_t> iso_date(std::string_view value);

/// 31.1.2019, 31/01/2019, 31-01-2019: two numbers of one or two digits and a year of four.
struct WrittenDate {
  int first = 0;
  int second = 0;
  int year = 0;
  char separator = '.';
};

/// Nothing where `value` is not written so, or is a date in neither order.
std::optional<WrittenDate> written_date(std::string_view value);
/// Nothing where there is no such day; `order` is dmy or mdy.
std::optional<std::int32_t> days_of(const WrittenDate& date, DateOrder order);
/// The marks of such a date (namespace mark).
std::uint64_t marks_of(const WrittenDate& date);

/// ISO 8601, or the order that was given.
std::optional<std::int32_t> date_in(std::string_view value, DateOrder order);

/// 20190131.
std::optional<std::int32_t> compact_date(std::string_view value);

}  // namespace cardseg::convert
