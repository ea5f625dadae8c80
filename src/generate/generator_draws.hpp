// The random numbers of one generated customer: 32 bits each, four from one Philox block.
#pragma once

#include <array>
#include <cstdint>

#include "cardseg/core/normal_draw.hpp"
#include "cardseg/core/philox.hpp"

namespace cardseg::generate {

using core::normal_of;
using core::normal_quantile;
using core::uniform_of;

/// What each number is for. The positions are part of the results: append, never renumber.
enum class Draw : std::uint8_t {
  segment,
  affluence,
  activity,
  stress,
  limit,
  tenure,
  age,
  income_band,
  region,
  makes_purchases,
  purchases,
  ticket,
  uses_instalments,
  instalment_share,
  purchase_frequency,
  last_purchase,
  takes_cash,
  cash,
  cash_frequency,
  holds_balance,
  utilisation,
  full_payment,
  minimum_payments,
  payments,
  late,
  interest_rate,
  digital,
  missing_minimum_payments,
  missing_full_payment_share,
  missing_digital_share,
  missing_income_band,
  count,
};

constexpr std::uint32_t draw_blocks = (static_cast<std::uint32_t>(Draw::count) + 3) / 4;

/// The first draw of what a customer does; those before say who it is.
constexpr auto first_of_behaviour = static_cast<std::size_t>(Draw::makes_purchases);

class CustomerDraws {
 public:
  CustomerDraws(const core::RowRandom& random, std::int64_t row) {
    for (std::uint32_t b = 0; b < draw_blocks; ++b) words_[b] = random.block(row, b);
  }
  /// The same customer in another month: what it does is drawn anew.
  CustomerDraws(const core::RowRandom& random, const core::RowRandom& of_month, std::int64_t row)
      : CustomerDraws(random, row) {
    for (std::uint32_t b = first_of_behaviour / 4; b < draw_blocks; ++b) {
      const core::PhiloxCounter block = of_month.block(row, b);
      for (std::size_t word = 0; word < block.size(); ++word)
        if (4 * b + word >= first_of_behaviour) words_[b][word] = block[word];
    }
  }

  double uniform(Draw draw) const { return uniform_of(word(draw)); }
  double normal(Draw draw) const { return normal_of(word(draw)); }

 private:
  std::uint32_t word(Draw draw) const {
    const auto at = static_cast<std::size_t>(draw);
    return words_[at / 4][at % 4];
  }

  std::array<core::PhiloxCounter, draw_blocks> words_;
};

}  // namespace cardseg::generate
