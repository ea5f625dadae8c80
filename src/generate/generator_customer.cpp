#include "generate/generator_customer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace cardseg::generate {
namespace {

// Upper ends of the bands on the scale of the affluence score, and their names; the last has no end.
constexpr std::array<double, 4> income_ends = {-0.9, -0.25, 0.45, 1.3};
constexpr std::array<std::string_view, 5> income_bands = {"1-low", "2-lower-middle", "3-middle", "4-upper-middle",
                                                          "5-high"};
constexpr std::array<double, 5> income_fees = {0, 0, 0, 40, 120};  // annual, currency
constexpr std::array<double, 6> region_ends = {-1.2, -0.7, -0.2, 0.3, 0.8, 1.3};
constexpr std::array<std::string_view, 7> regions = {"islands", "north", "south", "east", "west", "coast", "capital"};

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

// The number of whole cents nearest to an amount; amounts in cents add up exactly.
double to_cents(double amount) { return std::nearbyint(100 * amount); }

std::int32_t rounded(double x, int low, int high) {
  return static_cast<std::int32_t>(std::clamp(std::nearbyint(x), static_cast<double>(low), static_cast<double>(high)));
}

template <std::size_t n>
std::size_t band_of(double score, const std::array<double, n>& ends) {
  return static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), score) - ends.begin());
}

// The steps by which a customer comes about; each reads what earlier ones made.
class Maker {
 public:
  Maker(const Profile& profile, const CustomerDraws& draws)
      : typical_(profile.location), profile_(profile), draws_(draws) {}

  Customer make() {
    c_.affluence = scatter(Draw::affluence);
    c_.activity = scatter(Draw::activity);
    stress_ = scatter(Draw::stress);
    make_person();
    make_purchases();
    make_cash_advances();
    make_balance();
    make_payments();
    make_revenue();
    lose_values();
    return c_;
  }

 private:
  double scatter(Draw draw) const { return profile_.spread * draws_.normal(draw); }
  bool happens(double logit, Draw draw) const { return draws_.uniform(draw) < logistic(logit); }

  // The months of `months_` in which something that comes `rate` times a month happens at least once.
  float frequency(double rate, Draw draw) const {
    const double share = 1 - std::exp(-rate * std::exp(0.4 * scatter(draw)));
    return static_cast<float>(rounded(months_ * share, 1, months_)) / static_cast<float>(months_);
  }

  void make_person() {
    const double limit = std::exp(typical_.limit + 0.45 * c_.affluence + 0.2 * scatter(Draw::limit));
    c_.credit_limit = 100.0 * rounded(limit / 100, 2, 2500);
    c_.tenure_months = rounded(std::exp(typical_.tenure + 0.6 * scatter(Draw::tenure)), 1, 480);
    months_ = std::min(12, c_.tenure_months);
    const double age = typical_.age + 4 * c_.affluence + 11 * scatter(Draw::age);
    c_.age = std::max(rounded(age, 18, 95), 18 + c_.tenure_months / 12);
    const double market_affluence = typical_.affluence + c_.affluence;
    income_ = band_of(market_affluence + 0.5 * scatter(Draw::income_band), income_ends);
    c_.income_band = income_bands[income_];
    c_.region = regions[band_of(0.3 * market_affluence + draws_.normal(Draw::region), region_ends)];
    c_.digital_share =
        static_cast<float>(logistic(typical_.digital - 0.02 * (c_.age - 45) + 0.5 * scatter(Draw::digital)));
  }

  void make_purchases() {
    const double waiting = -std::log(draws_.uniform(Draw::last_purchase));  // exponential, mean 1
    if (!happens(typical_.makes_purchases, Draw::makes_purchases)) {
      c_.months_since_last_purchase = std::min(c_.tenure_months, rounded(12 + 15 * waiting, 12, 480));
      return;
    }
    const double amount =
        std::exp(typical_.purchases + 0.45 * c_.activity + 0.35 * c_.affluence + 0.5 * scatter(Draw::purchases));
    const double cents = std::max(100.0, to_cents(amount));
    const double share = happens(typical_.uses_instalments, Draw::uses_instalments)
                             ? logistic(typical_.instalment_share + 0.6 * scatter(Draw::instalment_share))
                             : 0.0;
    const double instalment_cents = std::nearbyint(share * cents);
    c_.purchases = cents / 100;
    c_.instalment_purchases = instalment_cents / 100;
    c_.oneoff_purchases = (cents - instalment_cents) / 100;
    const double ticket = std::exp(typical_.ticket + 0.25 * c_.affluence + 0.35 * scatter(Draw::ticket));
    c_.transactions = rounded(c_.purchases / ticket, 1, 20000);
    c_.purchase_frequency = frequency(0.9 * c_.transactions / months_, Draw::purchase_frequency);
    const double gap_months = 4 * (1 - c_.purchase_frequency) * waiting;
    c_.months_since_last_purchase = rounded(std::floor(gap_months), 0, months_ - 1);
  }

  void make_cash_advances() {
    if (!happens(typical_.takes_cash, Draw::takes_cash)) return;
    const double amount = std::exp(typical_.cash + 0.4 * stress_ + 0.25 * c_.affluence + 0.5 * scatter(Draw::cash));
    c_.cash_advance = std::max(1000.0, to_cents(std::min(amount, 6 * c_.credit_limit))) / 100;
    c_.cash_advance_frequency = frequency(c_.cash_advance / (400 * months_), Draw::cash_frequency);
  }

  void make_balance() {
    if (!happens(typical_.holds_balance, Draw::holds_balance)) return;
    const double share = highest_utilisation * logistic(typical_.utilisation + 0.7 * stress_ + 0.15 * c_.activity +
                                                        0.5 * scatter(Draw::utilisation));
    c_.balance = to_cents(share * c_.credit_limit) / 100;
    c_.utilisation = static_cast<float>(c_.balance / c_.credit_limit);
  }

  void make_payments() {
    const double turnover = c_.purchases + c_.cash_advance;
    if (turnover == 0 && c_.balance == 0) return;
    const double full = logistic(typical_.full_payment - 0.6 * stress_ + 0.5 * scatter(Draw::full_payment));
    c_.full_payment_share = static_cast<float>(rounded(months_ * full, 0, months_)) / static_cast<float>(months_);
    const double open_share = 1 - c_.full_payment_share;
    if (c_.balance > 0) {
      const double late = logistic(typical_.late + 0.7 * stress_ + 0.5 * scatter(Draw::late));
      c_.late_payments = rounded(months_ * open_share * late, 0, months_);
      const double due = std::max(std::min(25.0, c_.balance), 0.025 * c_.balance);
      c_.minimum_payments = to_cents(months_ * due * std::exp(0.1 * scatter(Draw::minimum_payments))) / 100;
    }
    // Statements paid in full return the turnover; the others some of it and about the minimum, less where paid late.
    const double z = scatter(Draw::payments);
    const double punctual = 1 - 0.7 * c_.late_payments / months_;
    const double returned =
        turnover * (c_.full_payment_share * std::exp(0.04 * z) + open_share * 0.65 * std::exp(0.2 * z));
    c_.payments = to_cents((returned + open_share * c_.minimum_payments * std::exp(0.4 * z)) * punctual) / 100;
  }

  void make_revenue() {
    const double rate = 0.16 + 0.1 * draws_.uniform(Draw::interest_rate);
    const double carried = c_.balance * (1 - static_cast<double>(c_.full_payment_share));
    c_.interest_paid = to_cents(rate * carried * months_ / 12) / 100;
    const double fees = 0.04 * c_.cash_advance + 20.0 * c_.late_payments + income_fees[income_];
    c_.annual_revenue = to_cents(c_.interest_paid + 0.012 * c_.purchases + fees) / 100;
  }

  bool is_lost(Draw draw) const { return draws_.uniform(draw) < profile_.missing_rate; }

  void lose_values() {
    constexpr float missing = std::numeric_limits<float>::quiet_NaN();
    if (is_lost(Draw::missing_minimum_payments)) c_.minimum_payments = missing;
    if (is_lost(Draw::missing_full_payment_share)) c_.full_payment_share = missing;
    if (is_lost(Draw::missing_digital_share)) c_.digital_share = missing;
    if (is_lost(Draw::missing_income_band)) c_.income_band = {};
  }

  const Traits& typical_;
  const Profile& profile_;
  const CustomerDraws& draws_;
  Customer c_;
  double stress_ = 0;
  int months_ = 12;
  std::size_t income_ = 0;
};

}  // namespace

Customer make_customer(const Profile& profile, const CustomerDraws& draws) { return Maker(profile, draws).make(); }

}  // namespace cardseg::generate
