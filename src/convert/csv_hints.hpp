// What a column of text looks like, and the options that would read it.
#pragma once

#include <cstdint>
#include <string>

#include "cardseg/convert/csv_types.hpp"

namespace cardseg::convert {

/// "decimal commas, points between thousands, the currency $".
std::string forms_in(std::uint64_t marks);

/// "--decimal , --thousands .": the options that read numbers with these marks; empty where no options do. What one
/// mark between three digits means is told where the marks do not say it: "--thousands , (1,234 is 1234) or --decimal ,
/// ...".
std::string options_for_numbers(std::uint64_t marks, const Conventions& given);

/// "--dates dmy"; empty where no order reads all.
std::string option_for_dates(std::uint64_t marks);

/// True where dates with these marks can be read in both orders. Points are only written in one.
bool is_open_order(std::uint64_t marks);

}  // namespace cardseg::convert
