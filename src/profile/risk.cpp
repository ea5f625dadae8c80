#include "cardseg/profile/risk.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "cardseg/core/error.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/csv_table.hpp"
#include "cardseg/portfolio/risk_column.hpp"

namespace cardseg::profile {
namespace {

using core::Error;
using core::ExitCode;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

const std::vector<std::string>& risk_columns() {
  static const std::vector<std::string> columns = {"segment", "column", "customers", "flagged",     "rate",  "low",
                                                   "high",    "lift",   "previous",  "probability", "change"};
  return columns;
}

// Values are 0 and 1 alone: then the mean is the share of what is not 0.
void check_is_flag(const ColumnProfile& column) {
  const auto refuse = [&](const char* why) {
    throw Error(ExitCode::bad_data, why)
        .in_column(column.column.name)
        .remedy("Name columns of 0 and 1 under risk in the description: 1 for customers who left, or are late");
  };
  if (column.is_category()) refuse("a risk column holds no flag");
  for (const NumberProfile& group : column.numbers) {
    if (group.mean.is_withheld || group.zeros.is_withheld || group.present.is_withheld || group.present.customers == 0)
      continue;
    const double share =
        1.0 - static_cast<double>(group.zeros.customers) / static_cast<double>(group.present.customers);
    if (std::abs(group.mean.value - share) > 1e-9) refuse("a risk column holds other values than 0 and 1");
  }
}

RiskRate rate_of(const ColumnProfile& column, int segment) {
  const NumberProfile& group = column.numbers[static_cast<std::size_t>(segment)];
  RiskRate rate;
  rate.column = column.column.name;
  rate.segment = segment;
  rate.lift = rate.previous = rate.probability = nan;
  rate.is_withheld = group.present.is_withheld || group.zeros.is_withheld;
  if (rate.is_withheld) return rate;
  rate.flagged = {group.present.customers - group.zeros.customers, group.present.customers};
  rate.interval = quality::clopper_pearson(rate.flagged);
  return rate;
}

void compare(const std::vector<RiskRate>& previous, double level, RiskRate& rate) {
  const auto before = std::ranges::find_if(previous, [&](const RiskRate& each) {
    return each.column == rate.column && each.segment == rate.segment && !each.is_withheld;
  });
  if (rate.is_withheld || before == previous.end() || before->flagged.customers == 0 || rate.flagged.customers == 0)
    return;
  rate.previous = before->flagged.share();
  rate.probability = quality::equal_shares_probability(rate.flagged, before->flagged);
  rate.change = rate.probability >= level              ? Change::noise
                : rate.flagged.share() > rate.previous ? Change::rose
                                                       : Change::fell;
}

}  // namespace

const char* name_of(Change change) {
  switch (change) {
    case Change::unknown: return "";
    case Change::noise: return "noise";
    case Change::rose: return "rose";
    case Change::fell: return "fell";
  }
  return "";
}

std::vector<RiskRate> risk_rates(const Profile& profile, const std::vector<RiskRate>& previous) {
  std::vector<RiskRate> rates;
  const double level = change_level / profile.groups();
  for (const ColumnProfile& column : profile.columns) {
    if (!portfolio::is_risk(column.column)) continue;
    check_is_flag(column);
    const RiskRate whole = rate_of(column, 0);
    for (int segment = 0; segment < profile.groups(); ++segment) {
      RiskRate rate = rate_of(column, segment);
      if (!rate.is_withheld && !whole.is_withheld && whole.flagged.hits > 0)
        rate.lift = rate.flagged.share() / whole.flagged.share();
      compare(previous, level, rate);
      rates.push_back(std::move(rate));
    }
  }
  return rates;
}

std::string risk_csv(const std::vector<RiskRate>& rates) {
  io::CsvWriter table(risk_columns());
  for (const RiskRate& rate : rates) {
    if (rate.is_withheld) {
      std::vector<io::CsvValue> row(risk_columns().size());
      row[0] = std::int64_t{rate.segment};
      row[1] = rate.column;
      table.add_row(row);
      continue;
    }
    table.add_row({std::int64_t{rate.segment}, rate.column, rate.flagged.customers, rate.flagged.hits,
                   rate.flagged.share(), rate.interval.low, rate.interval.high, rate.lift, rate.previous,
                   rate.probability, std::string(name_of(rate.change))});
  }
  return table.text();
}

std::vector<RiskRate> read_risk_csv(const std::filesystem::path& path) {
  const std::string text = io::read_file(path);
  io::CsvReader reader(text);
  io::CsvRecord record;
  const auto refuse = [&](int line) {
    throw Error(ExitCode::bad_data, "line " + std::to_string(line) + ": it is no line of risk.csv")
        .in_file(path.string())
        .remedy("Name a run of fit or profile whose description has risk columns");
  };
  if (!reader.next(record) || record.fields != risk_columns()) refuse(1);
  std::vector<RiskRate> rates;
  while (reader.next(record)) {
    if (record.fields.size() != risk_columns().size()) refuse(record.line);
    const auto number = [&](std::size_t field) {
      const std::string& digits = record.fields[field];
      std::int64_t value = 0;
      const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      if (failure != std::errc() || end != digits.data() + digits.size() || value < 0) refuse(record.line);
      return value;
    };
    RiskRate& rate = rates.emplace_back();
    rate.segment = static_cast<int>(number(0));
    rate.column = record.fields[1];
    rate.is_withheld = record.fields[2].empty();
    if (rate.is_withheld) continue;
    rate.flagged = {number(3), number(2)};
    if (rate.flagged.hits > rate.flagged.customers) refuse(record.line);
  }
  return rates;
}

}  // namespace cardseg::profile
