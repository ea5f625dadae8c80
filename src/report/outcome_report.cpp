#include "cardseg/report/outcome_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "cardseg/report/numbers.hpp"
#include "report/figures.hpp"

namespace cardseg::report {
namespace {

using monitor::LoggedOutcome;
using monitor::SegmentOutcome;
using monitor::ToldOutcome;

std::string name_of_segment(const std::string& segment) { return segment == "0" ? "whole list" : segment; }

// Percentage points, with their sign.
std::string points(double difference) {
  return std::isfinite(difference) ? fmt::format("{:+.2f}", 100 * difference) : nothing;
}

std::string interval_text(double low, double high) { return points(low) + " to " + points(high); }

Table segment_table(const ToldOutcome& outcome) {
  Table table{"By segment",
              {{"Segment"},
               {"Contacted", Format::count},
               {"Answered", Format::share, fitting_decimals},
               {"Held out", Format::count},
               {"Answered", Format::share, fitting_decimals, "holdout_rate"},
               {"Uplift, points"},
               {"95 % interval"},
               {"Detectable"},
               {"Effect"}},
              {},
              {},
              "outcome.csv"};
  if (outcome.has_values) table.columns.push_back({"Value a customer", Format::number, 3});
  for (const SegmentOutcome& each : outcome.segments) {
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(name_of_segment(std::to_string(each.segment)));
    if (outcome.is_withheld(each)) {
      while (row.size() < table.columns.size()) row.emplace_back(std::string(withheld));
      continue;
    }
    row.emplace_back(each.target.responses.customers);
    row.emplace_back(each.target.responses.share());
    row.emplace_back(each.holdout.responses.customers);
    row.emplace_back(each.holdout.responses.share());
    row.emplace_back(points(each.uplift));
    row.emplace_back(interval_text(each.interval.low, each.interval.high));
    row.emplace_back(points(each.detectable));
    row.emplace_back(std::string(name_of(each.effect)));
    if (outcome.has_values) row.emplace_back(each.value_uplift);
  }
  return table;
}

double number_in(const std::string& text) { return text.empty() ? std::nan("") : std::strtod(text.c_str(), nullptr); }

Table log_table(const std::vector<LoggedOutcome>& log) {
  Table table{"Which segment answered to what",
              {{"Segment"}, {"Campaign"}, {"Uplift, points"}, {"95 % interval"}, {"Effect"}},
              {}};
  std::vector<std::string> segments;
  for (const LoggedOutcome& line : log)
    if (std::find(segments.begin(), segments.end(), line.segment) == segments.end()) segments.push_back(line.segment);
  for (const std::string& segment : segments)
    for (const LoggedOutcome& line : log) {
      if (line.segment != segment) continue;
      const bool is_withheld = line.effect.empty();
      table.rows.push_back({name_of_segment(segment), line.campaign,
                            is_withheld ? withheld : points(number_in(line.uplift)),
                            is_withheld ? withheld : interval_text(number_in(line.low), number_in(line.high)),
                            is_withheld ? withheld : line.effect});
    }
  return table;
}

}  // namespace

Document outcome_report(const ToldOutcome& outcome, const std::vector<LoggedOutcome>& log) {
  Document report;
  report.title = "Outcome of " + outcome.campaign;
  report.add(Heading{1, report.title});
  report.add(segment_table(outcome));
  report.add(Note{
      "Uplift: the share of the contacted who answered less that of those who were held out, in percentage points, "
      "with "
      "Newcombe's interval. The effect is shown where the interval does not hold 0. Detectable: the smallest uplift "
      "that "
      "groups of these sizes show in four of five cases; a smaller one may be there without being seen. Segments are "
      "several comparisons: of twenty without any effect, one shows one."});
  if (!log.empty()) {
    report.add(Heading{2, "All campaigns", "campaigns"});
    report.add(log_table(log));
  }
  return report;
}

Document outcome_summary(const ToldOutcome& outcome, const std::vector<std::string>& warnings,
                         const std::string& directory, const std::string& log) {
  Document summary;
  summary.add(segment_table(outcome));
  Facts facts;
  for (const std::string& warning : warnings) facts.facts.push_back({"warning", warning});
  facts.facts.push_back({"files", fmt::format("{0}/report.html, {0}/outcome.csv, {0}/outcome.json", directory)});
  if (!log.empty()) facts.facts.push_back({"log", log});
  summary.add(std::move(facts));
  return summary;
}

}  // namespace cardseg::report
