#include "cardseg/report/html_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cardseg/report/bound_text.hpp"
#include "cardseg/report/html.hpp"
#include "cardseg/report/imputed.hpp"
#include "cardseg/report/numbers.hpp"
#include "cardseg/report/reached.hpp"
#include "cardseg/segments/model_json.hpp"

namespace cardseg::report {
namespace {

using segments::Model;
using segments::ValueTotals;

constexpr std::size_t named_differences = 4;  // features that describe a segment in words
constexpr double least_difference = 0.25;     // below this a feature does not set a segment apart
constexpr int digits_of_inertia = 10;
constexpr double trace = 1e-7;
constexpr std::int64_t most_cells = 50'000;  // of a table that a page can show
constexpr double full_shade = 2.0;           // difference at which the colour is strongest

// Rounding in a transform that is turned back leaves traces: nothing, where the column holds ten million times as much.
double original(const Model& model, int feature, const double* point) {
  const double decoded = model.decode(feature, point);
  if (model.is_share(feature)) return decoded;
  const portfolio::ValueRange range = model.column_of(feature).facts.range;
  return std::abs(decoded) < trace * std::max(std::abs(range.low), std::abs(range.high)) ? 0.0 : decoded;
}

std::string shown(const Model& model, int feature, const double* point) {
  const double value = original(model, feature, point);
  return model.is_share(feature) ? shown_share(value) : shown_number(value);
}

Column heading(std::string text, Format format, int digits = 3) { return {std::move(text), format, digits}; }

Paragraph range_of_sizes(const Model& model) {
  const auto all = static_cast<double>(model.totals.all_customers());
  const auto share = [&](std::int64_t customers) { return shown_share(static_cast<double>(customers) / all); };
  const std::size_t last = model.totals.customers.size() - 1;
  if (last == 0) return {"There is one segment: all customers are in it."};
  return {fmt::format("Segment 1 is the largest, with {} of the customers. Segment {} is the smallest, with {}.",
                      share(model.totals.customers.front()), last + 1, share(model.totals.customers.back()))};
}

Table size_table(const Model& model, const std::vector<ValueTotals>& values) {
  Table table{"Customers of each segment" + std::string(values.empty() ? "" : ", and what they are worth"), {}, {}};
  table.columns = {heading("Segment", Format::count), heading("Customers", Format::count),
                   heading("Share of customers", Format::bar, fitting_decimals)};
  for (const ValueTotals& value : values) {
    table.columns.push_back(heading("Total " + value.column, Format::number));
    table.columns.push_back(heading("Share of " + value.column, Format::bar, fitting_decimals));
    table.columns.push_back(heading("Per customer", Format::number));
  }
  table.columns.push_back(heading("RMS distance", Format::number));
  const auto all = static_cast<double>(model.totals.all_customers());
  for (std::size_t j = 0; j < model.totals.customers.size(); ++j) {
    const auto customers = static_cast<double>(model.totals.customers[j]);
    const auto per_customer = [&](double total) { return customers > 0 ? total / customers : std::nan(""); };
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(static_cast<std::int64_t>(j + 1));
    row.emplace_back(model.totals.customers[j]);
    row.emplace_back(customers / all);
    for (const ValueTotals& value : values) {
      const double whole = std::accumulate(value.by_segment.begin(), value.by_segment.end(), 0.0);
      row.emplace_back(value.by_segment[j]);
      row.emplace_back(whole != 0 ? value.by_segment[j] / whole : std::nan(""));
      row.emplace_back(per_customer(value.by_segment[j]));
    }
    row.emplace_back(std::sqrt(per_customer(model.totals.inertia[j])));
  }
  return table;
}

std::string in_words(const Model& model, const std::vector<double>& mean, int segment) {
  std::string text;
  const std::vector<Difference> differences = ranked_differences(model, mean, segment);
  for (std::size_t i = 0; i < std::min(named_differences, differences.size()); ++i) {
    const Difference& difference = differences[i];
    if (std::abs(difference.scaled) < least_difference) break;
    text += fmt::format("{}{} {} {} (portfolio {})", text.empty() ? "" : "; ", difference.scaled > 0 ? "high" : "low",
                        model.feature_name(difference.feature),
                        shown(model, difference.feature, model.centroids.row(segment)),
                        shown(model, difference.feature, mean.data()));
  }
  return text.empty() ? "close to the portfolio's average in every feature" : text;
}

Table words_table(const Model& model, const std::vector<double>& mean) {
  Table table{"The features in which each segment differs most from the portfolio", {}, {}};
  table.columns = {heading("Segment", Format::count), heading("What sets it apart", Format::text)};
  for (int j = 0; j < model.centroids.segments; ++j) table.rows.push_back({j + 1, in_words(model, mean, j)});
  return table;
}

Table feature_table(const Model& model, const std::vector<double>& mean) {
  Table table{
      "Centre of each segment, by its number. Orange: above the portfolio; blue: below it; the stronger, the further",
      {},
      {}};
  table.columns = {heading("Feature", Format::text), heading("Portfolio", Format::number)};
  for (int j = 0; j < model.centroids.segments; ++j)
    table.columns.push_back(heading(std::to_string(j + 1), Format::number));
  for (int f = 0; f < model.centroids.features; ++f) {
    const auto at = static_cast<std::size_t>(f);
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(model.feature_name(f));
    row.emplace_back(original(model, f, mean.data()));
    for (int j = 0; j < model.centroids.segments; ++j)
      row.emplace_back(original(model, f, model.centroids.row(j)), (model.centroids.row(j)[f] - mean[at]) / full_shade);
  }
  return table;
}

Table column_table(const Model& model) {
  Table table{"What each column brings to the distances between customers", {}, {}};
  table.columns = {heading("Column", Format::text),
                   heading("Kind", Format::text),
                   heading("Family", Format::text),
                   heading("Weight", Format::number),
                   heading("Share of the variance", Format::bar, fitting_decimals),
                   heading("If all weighed 1", Format::share, fitting_decimals)};
  for (const portfolio::FittedColumn& column : model.columns) {
    if (!column.is_feature() || !column.variance_share) continue;
    const portfolio::ColumnSettings& settings = column.column.settings;
    table.rows.push_back({column.column.name, name_of(column.column.kind), name_of(settings.family), settings.weight,
                          column.variance_share->weighted, column.variance_share->unweighted});
  }
  return table;
}

Facts how_it_was_made(const Model& model) {
  const segments::FitRecord& fit = model.fit;
  Facts facts;
  facts.facts = {{"Inertia", shown_number(model.totals.total_inertia, digits_of_inertia) +
                                 " (sum of squared distances to the centres)"}};
  if (const std::string reached = reached_text(fit); !reached.empty()) facts.facts.push_back({"", reached});
  if (const std::string bound = bound_text(model); !bound.empty()) facts.facts.push_back({"", bound});
  facts.facts.insert(facts.facts.end(),
                     {{"Restarts", fmt::format("{}, of which number {} was the best", shown_count(fit.restarts),
                                               fit.best_restart + 1)},
                      {"Iterations", fmt::format("{}, stopped by {}", shown_count(fit.iterations), fit.stop)},
                      {"Seed", fit.option("seed")}});
  const std::vector<const portfolio::Column*> unused = model.unused();
  for (const portfolio::Column* column : unused)
    facts.facts.push_back({column == unused.front() ? "Not used" : "", column->name + " (" + column->reason + ")"});
  const std::vector<std::string> imputed = imputed_texts(model);
  for (const std::string& text : imputed) facts.facts.push_back({&text == imputed.data() ? "Filled in" : "", text});
  facts.facts.push_back({"Model", segments::model_id(model)});
  return facts;
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

Document fit_report(const Model& model, const std::vector<ValueTotals>& values,
                    const std::vector<std::string>& warnings) {
  const std::vector<double> mean = overall_mean(model);
  const std::string title =
      counted(model.centroids.segments, "segment") + " of " + counted(model.totals.all_customers(), "customer");
  Document report{title, "en", {}};
  report.add(Heading{1, title});
  report.add(range_of_sizes(model));
  for (const std::string& warning : warnings) report.add(Note{"Beware: " + warning + "."});
  report.add(Heading{2, values.empty() ? "Size" : "Size and worth"});
  report.add(size_table(model, values));
  report.add(
      Note{"RMS distance is the root mean square distance of a segment's customers to its centre, on the scale "
           "that the segments were made on: the smaller, the more alike they are."});
  report.add(Heading{2, "What sets each apart"});
  report.add(words_table(model, mean));
  report.add(Heading{2, "Every feature by segment"});
  const std::int64_t cells = std::int64_t{model.centroids.segments} * model.centroids.features;
  if (cells > most_cells)
    report.add(Paragraph{
        fmt::format("{} centres of features are too many for a page: centroids.csv has them.", shown_count(cells))});
  else
    report.add(feature_table(model, mean));
  report.add(
      Note{"Values are segment centres in the portfolio's own units. For columns with a logarithmic transform the "
           "centre is the mean on that scale, turned back: a typical value, less than the mean where a few values "
           "are very large. Colours show the difference from the portfolio on the scale that the segments were "
           "made on."});
  if (const Table columns = column_table(model); !columns.rows.empty()) {
    report.add(Heading{2, "What each column brings"});
    report.add(columns);
    report.add(
        Note{"The mean squared distance between two customers is twice the total variance. A column with a large share "
             "of it "
             "shapes the segments most."});
  }
  report.add(Heading{2, "How it was made"});
  report.add(how_it_was_made(model));
  return report;
}

std::string html_report(const Model& model, const std::vector<ValueTotals>& values,
                        const std::vector<std::string>& warnings) {
  return html(fit_report(model, values, warnings));
}

}  // namespace cardseg::report
