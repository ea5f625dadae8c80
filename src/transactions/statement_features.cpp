#include "transactions/statement_features.hpp"

#include <algorithm>
#include <limits>

#include "cardseg/core/decimal_places.hpp"
#include "cardseg/core/exact_sum.hpp"

namespace cardseg::transactions {
namespace {

using core::int128;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
// A payment of up to 1.1 times the minimum is one of the minimum.
constexpr int minimum_tenths = 11;
// Classes by the tenths of dues that were paid in full.
constexpr int transactor_tenths = 9;
constexpr int revolver_tenths = 1;

double number(int128 whole) { return static_cast<double>(whole); }
double ratio(int128 part, int128 whole) { return whole == 0 ? missing : number(part) / number(whole); }
bool is_known(std::int64_t value) { return value != Statement::unknown; }

// Balances that fell due, and what was paid until the statement of the next month.
struct Dues {
  std::int64_t count = 0;
  std::int64_t full = 0;
  std::int64_t with_minimum = 0;
  std::int64_t minimum = 0;
  int128 owed = 0;
  int128 paid = 0;
};

Dues dues_of(std::span<const Statement> statements) {
  Dues dues;
  for (std::size_t s = 1; s < statements.size(); ++s) {
    const Statement& before = statements[s - 1];
    const Statement& now = statements[s];
    if (now.month != before.month + 1 || before.balance <= 0 || !is_known(now.payment)) continue;
    ++dues.count;
    dues.owed += before.balance;
    dues.paid += now.payment;
    const bool is_full = now.payment >= before.balance;
    if (is_full) ++dues.full;
    if (!is_known(before.minimum)) continue;
    ++dues.with_minimum;
    if (!is_full && int128{10} * now.payment <= int128{minimum_tenths} * before.minimum) ++dues.minimum;
  }
  return dues;
}

PayerClass class_of(std::span<const Statement> statements, const Dues& dues) {
  const bool owed_never = std::ranges::all_of(statements, [](const Statement& each) { return each.balance <= 0; });
  const bool paid_never = std::ranges::all_of(
      statements, [](const Statement& each) { return !is_known(each.payment) || each.payment <= 0; });
  if (owed_never && paid_never) return PayerClass::dormant;
  if (dues.count == 0) return PayerClass::unknown;
  if (10 * dues.full >= transactor_tenths * dues.count) return PayerClass::transactor;
  return 10 * dues.full <= revolver_tenths * dues.count ? PayerClass::revolver : PayerClass::transitioner;
}

// Balance / limit, of statements with a limit above 0; a credit counts as 0.
void set_utilisation(std::span<const Statement> statements, FeatureValues& values) {
  double sum = 0.0;
  double most = 0.0;
  double months = 0.0;
  double squares = 0.0;
  double products = 0.0;
  std::int64_t count = 0;
  for (const Statement& each : statements) {
    if (!is_known(each.limit) || each.limit <= 0) continue;
    const double used = ratio(std::max<std::int64_t>(each.balance, 0), each.limit);
    const double month = each.month - statements.front().month;
    ++count;
    sum += used;
    most = std::max(most, used);
    months += month;
    squares += month * month;
    products += month * used;
  }
  if (count == 0) return;
  const auto n = static_cast<double>(count);
  at(values, Feature::utilisation_mean) = sum / n;
  at(values, Feature::utilisation_max) = most;
  const double spread = n * squares - months * months;
  if (spread > 0.0) at(values, Feature::utilisation_trend) = (n * products - months * sum) / spread;
}

// Sum over the statements that say so, and how many exceed `least`.
struct Part {
  int128 sum = 0;
  std::int64_t known = 0;
  std::int64_t positive = 0;
  std::int64_t most = 0;
};

Part part_of_all(std::span<const Statement> statements, std::int64_t Statement::*part) {
  Part found;
  for (const Statement& each : statements) {
    if (!is_known(each.*part)) continue;
    ++found.known;
    found.sum += each.*part;
    found.most = std::max(found.most, each.*part);
    if (each.*part > 0) ++found.positive;
  }
  return found;
}

}  // namespace

bool has_gaps(std::span<const Statement> statements) {
  return !statements.empty() &&
         statements.back().month - statements.front().month + 1 != static_cast<std::int64_t>(statements.size());
}

void set_statement_features(std::span<const Statement> statements, int minor_units, FeatureValues& values) {
  at(values, Feature::statement_months) = static_cast<double>(statements.size());
  at(values, Feature::payer_class) = 0;
  if (statements.empty()) return;
  const double unit = core::decimal_scale(minor_units);
  int128 balances = 0;
  std::int64_t over = 0;
  for (const Statement& each : statements) {
    balances += each.balance;
    if (is_known(each.limit) && each.balance > each.limit) ++over;
  }
  at(values, Feature::balance_mean) = number(balances) / (number(int128(statements.size())) * unit);
  set_utilisation(statements, values);
  at(values, Feature::over_limit_months) = static_cast<double>(over);
  const Dues dues = dues_of(statements);
  at(values, Feature::payment_ratio) = ratio(dues.paid, dues.owed);
  at(values, Feature::full_share) = ratio(dues.full, dues.count);
  at(values, Feature::minimum_share) = ratio(dues.minimum, dues.with_minimum);
  const Part interest = part_of_all(statements, &Statement::interest);
  at(values, Feature::interest_share) = ratio(interest.positive, interest.known);
  at(values, Feature::interest_sum) = number(interest.sum) / unit;
  at(values, Feature::fee_sum) = number(part_of_all(statements, &Statement::fees).sum) / unit;
  const Part past_due = part_of_all(statements, &Statement::past_due);
  at(values, Feature::delinquent_months) = static_cast<double>(past_due.positive);
  at(values, Feature::past_due_max) = static_cast<double>(past_due.most);
  at(values, Feature::payer_class) = static_cast<double>(class_of(statements, dues));
}

}  // namespace cardseg::transactions
