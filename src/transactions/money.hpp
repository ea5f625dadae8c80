// Decimal numbers as whole numbers of the smallest unit of money.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "cardseg/convert/csv_problem.hpp"
#include "cardseg/convert/csv_row_reader.hpp"
#include "cardseg/transactions/rfm_options.hpp"

namespace cardseg::transactions {

struct Money {
  std::int64_t units = 0;
  convert::CsvProblem problem = convert::CsvProblem::none;
};

/// Pure. `number`: what `text` says; nothing where it is none. An amount with more decimals than its currency has is a
/// problem, unless these are zeros that mean decimals for sure.
Money money_of(const std::optional<convert::DecimalNumber>& number, std::string_view text, Amounts amounts,
               int minor_units);

}  // namespace cardseg::transactions
