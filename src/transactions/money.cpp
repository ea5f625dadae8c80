#include "transactions/money.hpp"

namespace cardseg::transactions {

using convert::CsvProblem;

Money money_of(const std::optional<convert::DecimalNumber>& number, std::string_view text, Amounts amounts,
               int minor_units) {
  if (!number) return {0, text.empty() ? CsvProblem::nothing_there : CsvProblem::not_a_number};
  Money money{number->mantissa};
  int scale = number->scale + (amounts == Amounts::minor ? minor_units : 0);
  for (; scale > minor_units && money.units % 10 == 0 && !number->may_be_grouped; --scale) money.units /= 10;
  for (; scale < minor_units; ++scale)
    if (__builtin_mul_overflow(money.units, 10, &money.units)) money.problem = CsvProblem::number_out_of_range;
  if (scale > minor_units) money.problem = CsvProblem::too_many_decimals;
  return money;
}

}  // namespace cardseg::transactions
