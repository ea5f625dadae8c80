#include "transactions/customer_features.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "cardseg/core/decimal_places.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/exact_sum.hpp"

namespace cardseg::transactions {
namespace {

using core::int128;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr int first_days = 90;
constexpr int saturday = 5;
constexpr std::int64_t night_begins = 22 * 3600;
constexpr std::int64_t night_ends = 6 * 3600;

double number(int128 whole) { return static_cast<double>(whole); }

double ratio(int128 part, int128 whole) { return whole == 0 ? missing : number(part) / number(whole); }

// Spend in one category, in both halves of the period.
struct CategorySpend {
  std::uint64_t category = 0;
  int128 early = 0;
  int128 late = 0;

  int128 all() const { return early + late; }
};

struct DayOfPurchases {
  Day day = 0;
  int128 spend = 0;
};

// What the features of one customer are made of.
class History {
 public:
  History(std::span<const Transaction> transactions, const FeatureDates& dates) : dates_(dates) {
    for (const Transaction& each : transactions) {
      if (each.is_purchase()) {
        add_purchase(each);
      } else {
        ++refunds;
        refund_sum -= each.amount;
      }
    }
    std::ranges::sort(amounts);
    join_categories();
  }

  std::int64_t purchases() const { return std::ssize(amounts); }
  std::int64_t active_days() const { return std::ssize(days); }
  Day first() const { return days.front().day; }
  Day last() const { return days.back().day; }
  std::int64_t days_from_first_to_last() const { return last() - first(); }
  // Of days [from, to).
  int128 spend_between(Day from, Day to) const {
    int128 spend = 0;
    for (const DayOfPurchases& each : days)
      if (from <= each.day && each.day < to) spend += each.spend;
    return spend;
  }

  std::vector<std::int64_t> amounts;      // of purchases, ascending
  std::vector<DayOfPurchases> days;       // with purchases, ascending
  std::vector<CategorySpend> categories;  // with spend, the largest first
  int128 sum = 0;
  std::int64_t refunds = 0;
  int128 refund_sum = 0;
  std::int64_t weekend = 0;
  std::int64_t with_time = 0;
  std::int64_t night = 0;

 private:
  void add_purchase(const Transaction& purchase) {
    amounts.push_back(purchase.amount);
    sum += purchase.amount;
    if (days.empty() || days.back().day != purchase.day) days.push_back({purchase.day, 0});
    days.back().spend += purchase.amount;
    if (weekday_of(purchase.day) >= saturday) ++weekend;
    if (purchase.category != 0 && purchase.amount > 0) {
      const bool is_late = purchase.day >= dates_.second_half;
      categories.push_back({purchase.category, is_late ? 0 : purchase.amount, is_late ? purchase.amount : 0});
    }
    if (purchase.second < 0) return;
    ++with_time;
    if (purchase.second >= night_begins || purchase.second < night_ends) ++night;
  }

  void join_categories() {
    std::ranges::sort(categories, {}, &CategorySpend::category);
    std::vector<CategorySpend> joined;
    for (const CategorySpend& each : categories) {
      if (joined.empty() || joined.back().category != each.category) joined.push_back({each.category});
      joined.back().early += each.early;
      joined.back().late += each.late;
    }
    // One order for sums of doubles, whatever the hashes.
    std::ranges::sort(joined, [](const CategorySpend& a, const CategorySpend& b) {
      return a.all() != b.all() ? a.all() > b.all() : a.early > b.early;
    });
    categories = std::move(joined);
  }

  const FeatureDates& dates_;
};

std::int64_t active_months(const History& history) {
  std::int64_t months = 0;
  int latest = 0;
  for (const DayOfPurchases& each : history.days) {
    const int month = month_of(each.day);
    if (months == 0 || month != latest) ++months;
    latest = month;
  }
  return months;
}

// Twice the median: the sum of the two middle amounts, or of the middle one and itself.
int128 twice_median(const std::vector<std::int64_t>& ascending) {
  const std::size_t middle = ascending.size() / 2;
  return int128{ascending[middle]} + ascending[ascending.size() % 2 == 1 ? middle : middle - 1];
}

// sqrt(m sum g^2 - (sum g)^2) / sum g, of m gaps g
double gap_cv(const History& history) {
  const std::int64_t gaps = history.active_days() - 1;
  if (gaps < 2) return missing;
  int128 squares = 0;
  for (std::size_t d = 1; d < history.days.size(); ++d) {
    const int128 gap = history.days[d].day - history.days[d - 1].day;
    squares += gap * gap;
  }
  const int128 sum = history.days_from_first_to_last();
  return std::sqrt(number(gaps * squares - sum * sum)) / number(sum);
}

// Zhang, Bradlow and Small (2015): 1 + sum x ln x / ln(n + 1) over n + 1 gaps that add up to 1
double clumpiness(const History& history, const FeatureDates& dates) {
  const double all = number(int128{dates.as_of} - dates.period_first + 2);
  double entropy = 0.0;
  Day before = dates.period_first - 1;
  const auto add_gap = [&](Day day) {
    const double share = number(int128{day} - before) / all;
    entropy += share * std::log(share);
    before = day;
  };
  for (const DayOfPurchases& each : history.days) add_gap(each.day);
  add_gap(dates.as_of + 1);
  return 1.0 + entropy / std::log(static_cast<double>(history.active_days() + 1));
}

// (n sum i y - sum i sum y) / (n sum i^2 - (sum i)^2) over months i = 0 to n - 1 with spend y
double trend(const History& history, const FeatureDates& dates) {
  const int first = month_of(history.first());
  const int128 months = month_of(dates.as_of) - first + 1;
  if (months < 2) return missing;
  int128 products = 0;
  for (const DayOfPurchases& each : history.days) products += (month_of(each.day) - first) * each.spend;
  const int128 sum_i = months * (months - 1) / 2;
  const int128 sum_squares = months * (months - 1) * (2 * months - 1) / 6;
  return ratio(months * products - sum_i * history.sum, months * sum_squares - sum_i * sum_i);
}

void set_time_features(const History& history, const FeatureDates& dates, FeatureValues& values) {
  const std::int64_t active_days = history.active_days();
  at(values, Feature::recency_days) = dates.as_of - history.last();
  at(values, Feature::first_days) = dates.as_of - history.first();
  at(values, Feature::t_x_days) = number(history.days_from_first_to_last());
  at(values, Feature::months_since_last) = month_of(dates.as_of) - month_of(history.last());
  at(values, Feature::gap_mean_days) = ratio(history.days_from_first_to_last(), active_days - 1);
  at(values, Feature::gap_cv) = gap_cv(history);
  at(values, Feature::clumpiness) = clumpiness(history, dates);
  at(values, Feature::weekend_share) = ratio(history.weekend, history.purchases());
  at(values, Feature::night_share) = ratio(history.night, history.with_time);
}

void set_money_features(const History& history, const FeatureDates& dates, double unit, FeatureValues& values) {
  const int128 recent = history.spend_between(dates.three_months_before + 1, dates.as_of + 1);
  const int128 before = history.spend_between(dates.six_months_before + 1, dates.three_months_before + 1);
  const std::int64_t repeat_days = history.active_days() - 1;
  at(values, Feature::amount_sum) = number(history.sum) / unit;
  at(values, Feature::amount_mean) = number(history.sum) / (number(history.purchases()) * unit);
  at(values, Feature::amount_median) = number(twice_median(history.amounts)) / (2.0 * unit);
  at(values, Feature::largest_share) = ratio(history.amounts.back(), history.sum);
  at(values, Feature::trend) = trend(history, dates) / unit;
  at(values, Feature::change_3m) = ratio(recent - before, recent + before);
  at(values, Feature::first_90_sum) =
      number(history.spend_between(history.first(), history.first() + first_days)) / unit;
  at(values, Feature::repeat_day_mean) = ratio(history.sum - history.days.front().spend, repeat_days) / unit;
}

// exp(- sum of p ln p) over shares p of `whole`
double effective_number(const std::vector<CategorySpend>& categories, int128 whole) {
  double entropy = 0.0;
  for (const CategorySpend& each : categories) {
    const double share = number(each.all()) / number(whole);
    entropy -= share * std::log(share);
  }
  return std::exp(entropy);
}

// (sum p ln(p / m) + sum q ln(q / m)) / 2 ln 2, m = (p + q) / 2, over shares p and q of the halves of the period
double mix_change(const std::vector<CategorySpend>& categories) {
  int128 early = 0;
  int128 late = 0;
  for (const CategorySpend& each : categories) early += each.early, late += each.late;
  if (early == 0 || late == 0) return missing;
  double divergence = 0.0;
  for (const CategorySpend& each : categories) {
    const double p = number(each.early) / number(early);
    const double q = number(each.late) / number(late);
    const double mean = (p + q) / 2;
    if (p > 0) divergence += p * std::log(p / mean) / 2;
    if (q > 0) divergence += q * std::log(q / mean) / 2;
  }
  return divergence / std::log(2.0);
}

void set_category_features(const History& history, FeatureValues& values) {
  int128 whole = 0;
  for (const CategorySpend& each : history.categories) whole += each.all();
  if (whole == 0) return;
  at(values, Feature::effective_categories) = effective_number(history.categories, whole);
  at(values, Feature::top_category_share) = ratio(history.categories.front().all(), whole);
  at(values, Feature::mix_change) = mix_change(history.categories);
}

FeatureValues without_purchases() {
  FeatureValues values{};
  for (const Feature feature : all_features())
    if (facts_of(feature).may_be_missing) at(values, feature) = missing;
  return values;
}

}  // namespace

FeatureDates::FeatureDates(Day as_of_day, Day first_day_of_period)
    : as_of(as_of_day),
      second_half(first_day_of_period + (as_of_day - first_day_of_period + 1) / 2),
      period_first(first_day_of_period),
      three_months_before(months_before(as_of, 3)),
      six_months_before(months_before(as_of, 6)) {}

ScoreBasis score_basis(std::span<const Transaction> transactions, const FeatureDates& dates) {
  ScoreBasis basis;
  int128 sum = 0;
  for (const Transaction& each : transactions) {
    if (!each.is_purchase()) continue;
    ++basis.purchases;
    sum += each.amount;
    basis.recency_days = dates.as_of - each.day;
  }
  if (sum > std::numeric_limits<std::int64_t>::max())
    throw core::Error(core::ExitCode::bad_data, "the purchases of one customer add up to more than 2^63 units of money")
        .remedy("Look at the unit of the amounts");
  basis.amount_sum = static_cast<std::int64_t>(sum);
  return basis;
}

std::optional<RepeatPurchases> repeat_purchases(std::span<const Transaction> transactions, const FeatureDates& dates) {
  std::optional<RepeatPurchases> found;
  Day first = 0;
  Day latest = 0;
  for (const Transaction& each : transactions) {
    if (!each.is_purchase()) continue;
    if (!found) {
      found.emplace();
      first = latest = each.day;
    }
    if (each.day != latest) ++found->x;
    if (each.day != first) found->amount += each.amount;
    latest = each.day;
  }
  if (found) found->t_x = latest - first, found->t = dates.as_of - first;
  return found;
}

std::vector<double> compute_shares(std::span<const Transaction> transactions, std::size_t groups,
                                   std::size_t channels) {
  std::vector<int128> spend(groups + 1);  // the first of no group
  std::vector<std::int64_t> purchases(channels + 1);
  int128 all = 0;
  std::int64_t count = 0;
  for (const Transaction& each : transactions) {
    if (!each.is_purchase()) continue;
    spend[each.group] += each.amount;
    ++purchases[each.channel];
    all += each.amount;
    ++count;
  }
  std::vector<double> shares;
  for (std::size_t g = 1; g <= groups; ++g) shares.push_back(ratio(spend[g], all));
  for (std::size_t c = 1; c <= channels; ++c) shares.push_back(ratio(purchases[c], count));
  return shares;
}

FeatureValues compute_features(std::span<const Transaction> transactions, const FeatureDates& dates, int minor_units) {
  const History history(transactions, dates);
  const double unit = core::decimal_scale(minor_units);
  FeatureValues values = without_purchases();
  at(values, Feature::refunds) = static_cast<double>(history.refunds);
  at(values, Feature::refund_sum) = number(history.refund_sum) / unit;
  if (history.purchases() == 0) return values;
  at(values, Feature::purchases) = static_cast<double>(history.purchases());
  at(values, Feature::active_days) = static_cast<double>(history.active_days());
  at(values, Feature::active_months) = static_cast<double>(active_months(history));
  at(values, Feature::repeat_days) = static_cast<double>(history.active_days() - 1);
  set_category_features(history, values);
  set_time_features(history, dates, values);
  set_money_features(history, dates, unit, values);
  return values;
}

}  // namespace cardseg::transactions
