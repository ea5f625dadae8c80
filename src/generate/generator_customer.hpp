// One generated customer: every standard column's value from its segment's profile and its random numbers.
#pragma once

#include <cstdint>
#include <string_view>

#include "generate/generator_archetypes.hpp"
#include "generate/generator_draws.hpp"

namespace cardseg::generate {

/// Amounts in whole cents are exact multiples of 0.01 rounded to double; shares are 0 to 1; `months` below are of the
/// last 12, or fewer for customers who joined since. NaN or an empty text: missing.
struct Customer {
  double balance = 0;  ///< average
  double purchases = 0;
  double oneoff_purchases = 0;
  double instalment_purchases = 0;
  double cash_advance = 0;
  float purchase_frequency = 0;      ///< share of months with a purchase
  float cash_advance_frequency = 0;  ///< share of months with a cash advance
  std::int32_t transactions = 0;     ///< purchases, counted
  double credit_limit = 0;
  float utilisation = 0;  ///< balance / credit_limit
  double payments = 0;
  double minimum_payments = 0;   ///< sum of the minimum amounts due
  float full_payment_share = 0;  ///< share of months paid in full
  std::int32_t late_payments = 0;
  double interest_paid = 0;
  double annual_revenue = 0;  ///< interest, interchange and fees
  std::int32_t tenure_months = 0;
  std::int32_t months_since_last_purchase = 0;  ///< since joining where there was none
  float digital_share = 0;                      ///< share of contacts through app or web
  std::int32_t age = 0;                         ///< years
  std::string_view region;
  std::string_view income_band;

  // Not columns: what the further columns are drawn from.
  double affluence = 0;  ///< latent, within the segment
  double activity = 0;   ///< latent, within the segment
  int segment = 0;       ///< position of the profile
};

/// Local and pure. About thirty random numbers and thirty calls of exp.
Customer make_customer(const Profile& profile, const CustomerDraws& draws);

}  // namespace cardseg::generate
