#include "cardseg/report/html_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cardseg/core/with_commas.hpp"

namespace cardseg::report {
namespace {

using segments::Model;
using segments::ValueTotals;

constexpr std::size_t named_differences = 4;  // features that describe a segment in words
constexpr double least_difference = 0.25;     // below this a feature does not set a segment apart
constexpr double full_colour = 2.0;           // difference at which the colour is strongest

constexpr const char* style = R"(<style>
body{font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:72em;padding:0 1em;color:#1c2733}
h1{font-size:1.6em}h2{font-size:1.2em;margin-top:2em}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.3em .7em;text-align:right;border-bottom:1px solid #dde3ea}
th:first-child,td:first-child{text-align:left}
.bar{display:inline-block;height:.8em;background:#3a6ea5;vertical-align:middle}
.track{display:inline-block;width:12em;text-align:left}
.note{color:#5a6775;font-size:.9em;max-width:60em}
.scroll{overflow-x:auto}
</style>
)";

std::string escaped(const std::string& text) {
  std::string safe;
  for (char c : text) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      default: safe += c;
    }
  }
  return safe;
}

// Four digits that count, without an exponent where a person would not write one.
std::string shown(double value) {
  if (!std::isfinite(value)) return "-";
  const double magnitude = std::abs(value);
  if (magnitude >= 1000 && magnitude < 1e15) return (value < 0 ? "-" : "") + core::with_commas(std::llround(magnitude));
  return fmt::format("{:.4g}", value);
}

const std::string& name_of_feature(const Model& model, int feature) { return model.column_of(feature).column.name; }

// White for none, towards orange above the portfolio and blue below it.
std::string colour(double scaled) {
  const double strength = std::min(std::abs(scaled) / full_colour, 1.0);
  const auto fade = [strength](int channel) { return static_cast<int>(std::lround(255 - strength * (255 - channel))); };
  return scaled > 0 ? fmt::format("#{:02x}{:02x}{:02x}", fade(240), fade(150), fade(70))
                    : fmt::format("#{:02x}{:02x}{:02x}", fade(95), fade(155), fade(215));
}

std::string size_table(const Model& model, const std::vector<ValueTotals>& values) {
  std::string html = "<table><tr><th>segment</th><th>customers</th><th>share</th><th></th>";
  for (const ValueTotals& value : values)
    html += "<th>" + escaped(value.column) + "</th><th>share</th><th>per customer</th>";
  html += "<th>rms distance</th></tr>\n";
  const auto all = static_cast<double>(model.totals.all_customers());
  for (int j = 0; j < model.centroids.segments; ++j) {
    const auto at = static_cast<std::size_t>(j);
    const auto customers = static_cast<double>(model.totals.customers[at]);
    html += fmt::format(
        "<tr><td>{}</td><td>{}</td><td>{:.1f} %</td><td><span class=track><span class=bar style=\"width:{:.1f}%\">"
        "</span></span></td>",
        j + 1, core::with_commas(model.totals.customers[at]), 100 * customers / all, 100 * customers / all);
    for (const ValueTotals& value : values) {
      const double whole = std::accumulate(value.by_segment.begin(), value.by_segment.end(), 0.0);
      html += fmt::format("<td>{}</td><td>{:.1f} %</td><td>{}</td>", shown(value.by_segment[at]),
                          whole != 0 ? 100 * value.by_segment[at] / whole : 0.0,
                          customers > 0 ? shown(value.by_segment[at] / customers) : "-");
    }
    html +=
        fmt::format("<td>{}</td></tr>\n", customers > 0 ? shown(std::sqrt(model.totals.inertia[at] / customers)) : "-");
  }
  return html + "</table>\n";
}

std::string in_words(const Model& model, const std::vector<double>& mean, int segment) {
  std::string text;
  const std::vector<Difference> differences = ranked_differences(model, mean, segment);
  for (std::size_t i = 0; i < std::min(named_differences, differences.size()); ++i) {
    const Difference& difference = differences[i];
    if (std::abs(difference.scaled) < least_difference) break;
    text += fmt::format("{}{} {} {} (portfolio {})", text.empty() ? "" : "; ", difference.scaled > 0 ? "high" : "low",
                        escaped(name_of_feature(model, difference.feature)),
                        shown(model.original(segment, difference.feature)),
                        shown(model.decode(difference.feature, mean.data())));
  }
  return text.empty() ? "close to the portfolio's average in every feature" : text;
}

std::string feature_table(const Model& model, const std::vector<double>& mean) {
  std::string html = "<div class=scroll><table><tr><th>column</th><th>portfolio</th>";
  for (int j = 0; j < model.centroids.segments; ++j) html += fmt::format("<th>{}</th>", j + 1);
  html += "</tr>\n";
  for (int f = 0; f < model.centroids.features; ++f) {
    const auto at = static_cast<std::size_t>(f);
    html += fmt::format("<tr><td>{}</td><td>{}</td>", escaped(name_of_feature(model, f)),
                        shown(model.decode(f, mean.data())));
    for (int j = 0; j < model.centroids.segments; ++j)
      html += fmt::format("<td style=\"background:{}\">{}</td>", colour(model.centroids.row(j)[f] - mean[at]),
                          shown(model.original(j, f)));
    html += "</tr>\n";
  }
  return html + "</table></div>\n";
}

}  // namespace

std::vector<double> overall_mean(const Model& model) {
  return cluster::overall_mean(model.centroids, model.totals.mass);
}

std::vector<Difference> ranked_differences(const Model& model, const std::vector<double>& mean, int segment) {
  std::vector<Difference> differences;
  for (int f = 0; f < model.centroids.features; ++f)
    differences.push_back({f, model.centroids.row(segment)[f] - mean[static_cast<std::size_t>(f)]});
  std::ranges::stable_sort(
      differences, [](const Difference& a, const Difference& b) { return std::abs(a.scaled) > std::abs(b.scaled); });
  return differences;
}

std::string html_report(const Model& model, const std::vector<ValueTotals>& values) {
  const std::vector<double> mean = overall_mean(model);
  std::string html = "<!doctype html>\n<html lang=en><head><meta charset=utf-8><title>Segments</title>\n";
  html += style;
  html += fmt::format("</head><body>\n<h1>{} segments of {} customers</h1>\n", model.centroids.segments,
                      core::with_commas(model.totals.all_customers()));
  html += "<h2>Size and worth</h2>\n" + size_table(model, values);
  html += "<h2>What sets each apart</h2>\n<table>\n";
  for (int j = 0; j < model.centroids.segments; ++j)
    html += fmt::format("<tr><td>{}</td><td style=\"text-align:left\">{}</td></tr>\n", j + 1, in_words(model, mean, j));
  html += "</table>\n<h2>Every feature by segment</h2>\n" + feature_table(model, mean);
  html +=
      "<p class=note>Values are segment centres in the portfolio's own units. For columns with a logarithmic transform "
      "the "
      "centre is the mean on that scale, turned back: a typical value, less than the mean where a few values are very "
      "large. Colours show the difference from the portfolio on the scale that the segments were made on: orange "
      "above, "
      "blue below.</p>\n";
  for (const portfolio::FittedColumn& each : model.columns)
    if (each.column.role == portfolio::Role::unused)
      html +=
          fmt::format("<p class=note>Not used: {} ({}).</p>\n", escaped(each.column.name), escaped(each.column.reason));
  html += fmt::format(
      "<p class=note>Inertia {:.10g}; restart {} of {}, {} iterations, stopped by {}; seed {}. Model {}.</p>\n",
      model.totals.total_inertia, model.fit.best_restart + 1, model.fit.restarts, model.fit.iterations, model.fit.stop,
      model.fit.option("seed"), segments::model_id(model));
  return html + "</body></html>\n";
}

}  // namespace cardseg::report
