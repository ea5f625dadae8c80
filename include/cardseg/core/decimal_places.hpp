// How many decimals a number was written with, found from its binary form; and whole numbers of hundredths as text.
#pragma once

#include <cstdint>
#include <string>

#include "cardseg/core/exact_sum.hpp"

namespace cardseg::core {

/// More are those of a measurement or a quotient, not of a number that people write.
inline constexpr int most_decimal_places = 9;
inline constexpr int no_decimal_places = most_decimal_places + 1;

/// The type in which a number was stored, whose nearest value stands for a decimal number.
enum class StoredAs { float32, float64 };

/// The least number of decimals from `least` on with which some whole number of hundredths, thousandths, ... below 2^53
/// reads as this value: 2 for 0.25 and for the float64 next to 0.1 + 0.15; no_decimal_places where there is none.
/// Preconditions: finite; 0 <= least <= no_decimal_places.
int decimal_places(double value, StoredAs stored, int least = 0);

/// 10^places. Precondition: 0 <= places <= most_decimal_places.
double decimal_scale(int places);

/// The whole number of units of 10^-places that is next to `value`.
std::int64_t decimal_units(double value, int places);

/// units / 10^places as a decimal number with that many decimals: "-12.05". Precondition: 0 <= places.
std::string decimal_text(int128 units, int places);

}  // namespace cardseg::core
