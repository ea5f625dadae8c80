#include "cardseg/report/drift_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cardseg/portfolio/column_label.hpp"
#include "cardseg/report/numbers.hpp"
#include "cardseg/segments/model_json.hpp"
#include "report/drift_pictures.hpp"

namespace cardseg::report {
namespace {

using monitor::ColumnDrift;
using monitor::Drift;
using monitor::Reason;

constexpr std::size_t most_pictures = 12;
constexpr std::size_t shown_id_digits = 12;

Light light_of(monitor::Light light) {
  switch (light) {
    case monitor::Light::green: return Light::good;
    case monitor::Light::amber: return Light::fair;
    case monitor::Light::red: return Light::poor;
  }
  return Light::poor;
}

Verdict verdict_of(monitor::Light light) { return {light_of(light), name_of(light)}; }

// Of the whole, and the segments that are concerned, too.
std::string text_of(const std::vector<Reason>& reasons) {
  std::string text;
  std::string segments;
  for (const Reason& reason : reasons) {
    if (reason.segment == 0)
      text += (text.empty() ? "" : "; ") + reason.text;
    else if (segments.find(fmt::format(" {},", reason.segment)) == std::string::npos)
      segments += fmt::format(" {},", reason.segment);
  }
  if (segments.empty()) return text;
  segments.pop_back();
  if (!text.empty()) return text + "; also within segments" + segments;
  return fmt::format("within segments{}: {}", segments, reasons.front().text);
}

// The worst first, then those that moved most.
std::vector<const ColumnDrift*> by_light(const Drift& drift) {
  std::vector<const ColumnDrift*> columns;
  for (const ColumnDrift& column : drift.columns) columns.push_back(&column);
  std::ranges::stable_sort(columns, [](const ColumnDrift* a, const ColumnDrift* b) {
    if (a->light != b->light) return a->light > b->light;
    return (std::isfinite(a->psi) ? a->psi : -1.0) > (std::isfinite(b->psi) ? b->psi : -1.0);
  });
  return columns;
}

std::string overall_reason(const Drift& drift) {
  const auto count = [&](monitor::Light light) {
    return std::ranges::count_if(drift.columns, [&](const ColumnDrift& column) { return column.light == light; });
  };
  const std::ptrdiff_t red = count(monitor::Light::red);
  const std::ptrdiff_t amber = count(monitor::Light::amber);
  if (red + amber == 0) return fmt::format("all {} are as they were", counted(std::ssize(drift.columns), "column"));
  return fmt::format("{} red and {} amber of {}", red, amber, counted(std::ssize(drift.columns), "column"));
}

Lights lights_of(const Drift& drift) {
  Lights lights{"Verdicts", {}};
  lights.items.push_back({verdict_of(drift.light), "This month", overall_reason(drift)});
  for (const Reason& reason : drift.reasons)
    lights.items.push_back({verdict_of(reason.light), "All customers", reason.text});
  for (const ColumnDrift* column : by_light(drift))
    if (column->light > monitor::Light::green)
      lights.items.push_back(
          {verdict_of(column->light), portfolio::label_of(column->column), text_of(column->reasons)});
  for (std::size_t j = 0; j < drift.segments.size(); ++j)
    for (const Reason& reason : drift.segments[j].reasons)
      lights.items.push_back({verdict_of(reason.light), fmt::format("Segment {}", j + 1), reason.text});
  return lights;
}

std::string direction_of(const ColumnDrift& column) {
  if (!std::isfinite(column.shift) || std::abs(column.shift) < 0.005) return "";
  return column.shift > 0 ? "higher" : "lower";
}

Table column_table(const Drift& drift) {
  Table table{"Every column of the baseline, the whole month against the fit", {}, {}, {}, "drift.csv"};
  table.columns = {{"Column"},
                   {"Light"},
                   {"Shapes segments"},
                   {"PSI", Format::number},
                   {"By chance up to", Format::number, 2},
                   {"KS distance", Format::number},
                   {"Wasserstein, sd", Format::number},
                   {"Values are"},
                   {"Overlap", Format::share, fitting_decimals},
                   {"Missing then", Format::share, fitting_decimals},
                   {"Missing now", Format::share, fitting_decimals}};
  for (const ColumnDrift* column : by_light(drift))
    table.rows.push_back({portfolio::label_of(column->column), std::string(name_of(column->light)),
                          std::string(column->is_feature ? "yes" : "no"), column->psi, column->noise, column->ks,
                          column->wasserstein, direction_of(*column), column->overlap, column->missing_then,
                          column->missing_now});
  return table;
}

Table segment_table_of(const DriftContent& content) {
  Table table{"Segments, then and now", {}, {}, {}, "drift.csv"};
  table.columns = {{"Segment"},
                   {"Light"},
                   {"Share at the fit", Format::bar, fitting_decimals},
                   {"Share now", Format::bar, fitting_decimals},
                   {"Customers now", Format::count},
                   {"Beyond the fit's 99 % of distances", Format::share, fitting_decimals}};
  for (std::size_t j = 0; j < content.drift.segments.size(); ++j) {
    const monitor::SegmentDrift& segment = content.drift.segments[j];
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(content.model.names[j].name, 0.0, static_cast<int>(j) + 1);
    row.emplace_back(std::string(name_of(segment.light)));
    row.emplace_back(segment.share_then);
    row.emplace_back(segment.share_now);
    row.emplace_back(std::isnan(segment.share_now) ? Cell() : Cell(segment.customers_now));
    row.emplace_back(segment.far);
  }
  return table;
}

Table history_table(const DriftContent& content) {
  Table table{"Earlier months against the same fit", {}, {}, {}, ""};
  table.columns = {{"Month"},
                   {"Light"},
                   {"PSI of segments", Format::number},
                   {"Beyond 99 % of distances", Format::share, fitting_decimals},
                   {"Error of main directions", Format::factor}};
  for (const monitor::EarlierMonth& month : content.history.months)
    table.rows.push_back(
        {month.name, std::string(name_of(month.light)), month.mix_psi, month.far, month.reconstruction});
  table.rows.push_back({std::string("now"), std::string(name_of(content.drift.light)), content.drift.mix_psi,
                        content.drift.far, content.drift.reconstruction});
  return table;
}

void add_history(const DriftContent& content, Document& report) {
  if (content.history.months.empty() && content.history.others.empty()) return;
  report.add(Heading{2, "Month after month"});
  if (const std::optional<Picture> picture = psi_over_months(content)) report.add(*picture);
  report.add(history_table(content));
  if (!content.history.others.empty())
    report.add(Note{fmt::format("{} in the history, of other models, left out.",
                                counted(std::ssize(content.history.others), "month"))});
}

std::string thresholds_text(const char* what, const monitor::Thresholds& thresholds) {
  return fmt::format("{} from {} on, red from {} on", what, shown_number(thresholds.amber),
                     shown_number(thresholds.red));
}

void add_reading(const DriftContent& content, Document& report) {
  const monitor::WatchOptions& watch = content.watch;
  report.add(Heading{2, "How to read this"});
  report.add(
      Paragraph{"A light needs two things: an effect that reaches its threshold, and one that chance does not explain. "
                "Effects do not grow with the number of customers; what chance explains shrinks with it."});
  Facts facts;
  facts.facts = {
      {"PSI", thresholds_text("Population stability index. Amber", watch.psi)},
      {"KS", thresholds_text("Largest difference of cumulated shares, on the bins. Amber", watch.ks)},
      {"Wasserstein", thresholds_text("Mean way from then to now, in standard deviations. Amber", watch.wasserstein)},
      {"Missing", thresholds_text("Change of the share without a value. Amber", watch.missing)},
      {"Levels", thresholds_text("Change of the share of unknown levels. Amber", watch.unknown)},
      {"Segments", thresholds_text("Change of a segment's share. Amber", watch.mix)},
      {"Distances", thresholds_text("Share beyond the fit's 99 %. Amber", watch.far)},
      {"Directions", thresholds_text("Error of the main directions over the fit's. Amber", watch.reconstruction)},
      {"Chance", fmt::format("All lights of a month together are raised by chance alone in fewer than {} of "
                             "1,000 months",
                             shown_number(1000.0 * watch.chance))},
      {"Model", segments::model_id(content.model)}};
  report.add(facts);
  report.add(
      Note{"Bins are those of the fit. What would tell of few customers is left out: cells that were withheld "
           "at the fit are one, and shares of few customers now are not shown."});
}

}  // namespace

Document drift_report(const DriftContent& content) {
  const Drift& drift = content.drift;
  Document report;
  report.title = "Drift since the fit";
  report.add(Heading{1, "Drift since the fit"});
  report.add(Paragraph{fmt::format("{} of this month beside {} of the fit. Model {}.",
                                   counted(drift.customers_now, "customer"), counted(drift.customers_then, "customer"),
                                   segments::model_id(content.model).substr(0, shown_id_digits))});
  report.add(lights_of(drift));
  for (const std::string& warning : content.warnings) report.add(Note{warning});
  report.add(Heading{2, "Columns"});
  report.add(column_table(drift));
  report.add(Heading{2, "Then and now"});
  std::size_t pictures = 0;
  for (const ColumnDrift* column : by_light(drift))
    if (!column->bins.empty() && pictures++ < most_pictures) report.add(then_and_now(*column));
  report.add(Heading{2, "Segments"});
  report.add(segment_table_of(content));
  report.add(Paragraph{fmt::format(
      "{} of the customers lie further from their centre than 99 % did at the fit. What the main directions of the fit "
      "leave out of the features is {} of what they left out then.",
      shown_share(drift.far), shown_factor(drift.reconstruction))});
  add_history(content, report);
  add_reading(content, report);
  return report;
}

Document drift_summary(const DriftContent& content, const DriftRun& run) {
  const Drift& drift = content.drift;
  Document summary;
  Facts facts;
  facts.facts = {{"drift", fmt::format("{}: {} beside {} of the fit", name_of(drift.light),
                                       counted(drift.customers_now, "customer"), shown_count(drift.customers_then))}};
  for (const Lights::Item& item : lights_of(drift).items)
    facts.facts.push_back({item.verdict.word, item.label + ": " + item.reason});
  for (const std::string& warning : content.warnings) facts.facts.push_back({"warning", warning});
  for (const Facts::Fact& fact : cost_facts(run.costs)) facts.facts.push_back(fact);
  facts.facts.push_back({"files", fmt::format("{0}/report.html, {0}/drift.csv, {0}/drift.json", run.directory)});
  summary.add(facts);
  return summary;
}

}  // namespace cardseg::report
