#include "report/risk_chapter.hpp"

#include <fmt/format.h>

#include <cmath>

#include "cardseg/portfolio/column_label.hpp"
#include "cardseg/portfolio/risk_column.hpp"
#include "cardseg/profile/risk.hpp"
#include "cardseg/report/numbers.hpp"
#include "report/figures.hpp"

namespace cardseg::report {
namespace {

using profile::RiskRate;

// "clearly more" where the interval of a segment lies above the rate of the whole.
const char* verdict_of(const RiskRate& rate, const RiskRate& whole) {
  if (rate.interval.low > whole.flagged.share()) return "more than usual";
  return rate.interval.high < whole.flagged.share() ? "less than usual" : "as usual, as far as can be told";
}

Table rate_table(const FitContent& content, const std::vector<RiskRate>& rates, const std::string& column,
                 const std::string& label) {
  Table table{fmt::format("{}: customers who have the flag", label),
              {{"Segment"},
               {"Customers", Format::count},
               {"Flagged", Format::count},
               {"Rate", Format::bar, 2},
               {"95 % interval"},
               {"Lift", Format::factor},
               {"Verdict"}},
              {},
              {},
              "risk.csv"};
  const RiskRate* whole = nullptr;
  for (const RiskRate& rate : rates) {
    if (rate.column != column || rate.segment > content.shown_segments()) continue;
    if (rate.segment == 0) whole = &rate;
    std::vector<Cell>& row = table.rows.emplace_back();
    if (rate.segment == 0)
      row.emplace_back(std::string("All customers"));
    else
      row.emplace_back(content.name(rate.segment), 0.0, rate.segment);
    if (rate.is_withheld || rate.flagged.customers == 0) {
      while (row.size() < table.columns.size()) row.emplace_back(rate.is_withheld ? Value(withheld) : Value());
      continue;
    }
    row.emplace_back(rate.flagged.customers);
    row.emplace_back(rate.flagged.hits);
    row.emplace_back(rate.flagged.share());
    row.emplace_back(fmt::format("{} to {}", shown_share(rate.interval.low), shown_share(rate.interval.high)));
    row.emplace_back(rate.lift);
    row.emplace_back(rate.segment == 0 || whole == nullptr || whole->is_withheld ? Value()
                                                                                 : Value(verdict_of(rate, *whole)));
  }
  return table;
}

}  // namespace

Document risk_chapter(const FitContent& content) {
  Document chapter;
  const std::vector<RiskRate> rates = profile::risk_rates(content.profile, {});
  if (rates.empty()) return chapter;
  chapter.add(Heading{2, "Retention and risk", "risk"});
  for (const profile::ColumnProfile& column : content.profile.columns)
    if (portfolio::is_risk(column.column))
      chapter.add(rate_table(content, rates, column.column.name, portfolio::label_of(column.column)));
  chapter.add(
      Note{"Flags of the next period are no part of the distance. Intervals are exact (Clopper and Pearson): in at "
           "least 95 of "
           "100 months like this one they hold the segment's own rate. Lift is the rate by that of all customers."});
  return chapter;
}

}  // namespace cardseg::report
