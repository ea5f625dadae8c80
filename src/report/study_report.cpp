#include "cardseg/report/study_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "cardseg/core/name_list.hpp"
#include "cardseg/profile/cell_suppression.hpp"
#include "cardseg/report/csv.hpp"
#include "cardseg/report/numbers.hpp"
#include "cardseg/report/recommendation_text.hpp"
#include "report/figures.hpp"
#include "report/line_chart.hpp"

namespace cardseg::report {
namespace {

using quality::Contingency;
using quality::StudiedStability;

constexpr double large_flow = 0.1;  // share of a segment that is worth a line
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::string headline(const StudyContent& content) {
  const std::string studied = fmt::format("{} to {} segments", shown_count(content.entries.front().studied.segments()),
                                          shown_count(content.entries.back().studied.segments()));
  if (content.recommendation.tested == 0) return fmt::format("Study of {}", studied);
  if (content.recommendation.segments == 0)
    return fmt::format("No clear answer: of {}, no number is stable beyond chance", studied);
  return fmt::format("{} segments are recommended", shown_count(content.recommendation.segments));
}

std::string subline(const StudyContent& content) {
  const std::int64_t customers = content.entries.front().studied.segmentation.all_customers();
  return fmt::format("{} and {}, {} of segments.", counted(customers, "customer"), counted(content.features, "feature"),
                     counted(std::ssize(content.entries), "number"));
}

std::vector<int> places_of(const StudyContent& content) {
  std::vector<int> places;
  for (const StudyEntry& entry : content.entries) places.push_back(entry.studied.segments());
  return places;
}

// One value for each entry.
template <class Of>
std::vector<double> values_of(const StudyContent& content, Of of) {
  std::vector<double> values;
  for (const StudyEntry& entry : content.entries) values.push_back(of(entry.studied));
  return values;
}

// What `of` says of the judged size; NaN where nothing was tested.
template <class Of>
std::vector<double> stability_values(const StudyContent& content, Of of) {
  return values_of(content, [&](const quality::StudiedModel& model) {
    return model.stability.is_tested() ? of(model.stability.at_judged()) : nan;
  });
}

LineChart stability_chart(const StudyContent& content) {
  using quality::StabilityAtSize;
  return {"How far segments are found again",
          "Jaccard coefficients of resamples by number of segments: the mean segment, the least stable one, and the "
          "mean of data without segments.",
          "segments",
          places_of(content),
          {{"mean segment", stability_values(content, [](const StabilityAtSize& at) { return at.mean_jaccard(); })},
           {"least stable", stability_values(content, [](const StabilityAtSize& at) { return at.least_jaccard(); })},
           {"without segments",
            stability_values(content, [](const StabilityAtSize& at) { return at.null_jaccard; }),
            {},
            true}},
          "study.csv",
          content.recommendation.segments};
}

LineChart gap_chart(const StudyContent& content) {
  const auto gap = [](const quality::StudiedModel& model) {
    return model.stability.is_tested() ? model.stability.gap : nan;
  };
  const auto error = [](const quality::StudiedModel& model) {
    return model.stability.is_tested() ? model.stability.gap_error : 0.0;
  };
  return {"How much tighter segments are than chance would make them",
          "The gap statistic by number of segments, with its standard error.",
          "segments",
          places_of(content),
          {{"gap", values_of(content, gap), values_of(content, error)}},
          "study.csv",
          content.recommendation.segments};
}

LineChart explained_chart(const StudyContent& content) {
  return {"What segments explain",
          "R squared, the share of the features' variance that lies between segments, and silhouettes, by number of "
          "segments.",
          "segments",
          places_of(content),
          {{"R squared", values_of(content, [](const quality::StudiedModel& m) { return m.r_squared; })},
           {"silhouette", values_of(content, [](const quality::StudiedModel& m) { return m.silhouette.mean; })}},
          "study.csv",
          content.recommendation.segments};
}

Table number_table(const StudyContent& content) {
  Table table{"Numbers of segments side by side",
              {{"Segments", Format::count},
               {"Stability"},
               {"Jaccard", Format::fixed, 3},
               {"Least", Format::fixed, 3},
               {"By chance", Format::fixed, 3},
               {"Times as unstable", Format::factor},
               {"Gap", Format::fixed, 3},
               {"Its error", Format::fixed, 3},
               {"R squared", Format::fixed, 3},
               {"Silhouette", Format::fixed, 3},
               {"Smallest", Format::count},
               {"Restarts that agree", Format::share, fitting_decimals}},
              {},
              {},
              "study.csv"};
  for (const StudyEntry& entry : content.entries) {
    const quality::StudiedModel& model = entry.studied;
    const quality::Stability& stability = model.stability;
    const bool is_tested = stability.is_tested();
    const StudiedStability studied{model.segments(), stability};
    table.rows.push_back({model.segments(), stability_word(studied, content.stable_ratio),
                          is_tested ? stability.at_judged().mean_jaccard() : nan,
                          is_tested ? stability.at_judged().least_jaccard() : nan,
                          is_tested ? stability.at_judged().null_jaccard : nan, studied.mean_ratio(),
                          is_tested ? stability.gap : nan, is_tested ? stability.gap_error : nan, model.r_squared,
                          model.silhouette.mean, entry.smallest() ? Cell(*entry.smallest()) : Cell(withheld),
                          static_cast<double>(model.fit.reached) / static_cast<double>(model.fit.restarts.size())});
  }
  return table;
}

std::int64_t published_size(const StudyEntry& entry, int segment) {
  return entry.is_withheld(segment) ? -1 : entry.studied.segmentation.customers[static_cast<std::size_t>(segment)];
}

// Shares of each segment by where its customers go.
Table flow_table(const StudyEntry& from, const Contingency& flow) {
  Table table{
      fmt::format("From {} to {} segments: shares of each segment", shown_count(flow.first), shown_count(flow.second)),
      {{"Segment"}, {"Customers", Format::count}},
      {},
      {},
      "flows.csv"};
  for (int j = 0; j < flow.second; ++j) table.columns.push_back({shown_count(j + 1), Format::share, fitting_decimals});
  for (int i = 0; i < flow.first; ++i) {
    const std::int64_t size = published_size(from, i);
    std::vector<Cell>& row = table.rows.emplace_back();
    row = {Cell(shown_count(i + 1)), size < 0 ? Cell(withheld) : Cell(size)};
    for (int j = 0; j < flow.second; ++j) {
      if (size < 0 || flow.at(i, j) < 0)
        row.emplace_back(withheld);
      else
        row.emplace_back(static_cast<double>(flow.at(i, j)) / static_cast<double>(size),
                         static_cast<double>(flow.at(i, j)) / static_cast<double>(size));
    }
  }
  return table;
}

// "2 (61 %) and 5 (37 %)"
std::string parts_of(const StudyEntry& from, const Contingency& flow, int segment) {
  const std::int64_t size = published_size(from, segment);
  std::vector<std::string> parts;
  for (int j = 0; j < flow.second && size > 0; ++j) {
    const double share = static_cast<double>(flow.at(segment, j)) / static_cast<double>(size);
    if (share >= large_flow) parts.push_back(fmt::format("{} ({})", shown_count(j + 1), shown_share(share)));
  }
  return core::all_of(parts);
}

// Which segments are divided by the next number, as far as that can be told.
std::string divided_text(const StudyEntry& from, const Contingency& flow) {
  const std::string numbers = fmt::format("From {} to {}: ", shown_count(flow.first), shown_count(flow.second));
  bool is_withheld = std::ranges::any_of(flow.customers, [](std::int64_t count) { return count < 0; });
  std::vector<std::string> divided;
  for (int i = 0; i < flow.first; ++i) {
    const std::int64_t size = published_size(from, i);
    is_withheld = is_withheld || size < 0;
    int parts = 0;
    for (int j = 0; j < flow.second && size > 0; ++j)
      parts += static_cast<double>(flow.at(i, j)) >= large_flow * static_cast<double>(size) ? 1 : 0;
    if (parts > 1) divided.push_back(fmt::format("{} goes to {}", shown_count(i + 1), parts_of(from, flow, i)));
  }
  const std::string rest = is_withheld ? " Some of who goes where is withheld: it would tell of few customers." : "";
  if (!divided.empty()) return fmt::format("{}segment {}.{}", numbers, fmt::join(divided, "; segment "), rest);
  if (is_withheld) return numbers + "who goes where is withheld: it would tell of few customers.";
  return fmt::format("{}no segment gives {} or more of its customers to another.", numbers, shown_share(large_flow));
}

Document flow_chapter(const StudyContent& content) {
  Document chapter;
  if (content.flows.empty()) return chapter;
  chapter.add(Heading{2, "From one number to the next"});
  for (std::size_t m = 0; m < content.flows.size(); ++m) {
    const Contingency& flow = content.flows[m];
    if (flow.first > most_flow_segments || flow.second > most_flow_segments) continue;
    chapter.add(Paragraph{divided_text(content.entries[m], flow)});
    chapter.add(Details{fmt::format("From {} to {} segments", shown_count(flow.first), shown_count(flow.second)),
                        {{flow_table(content.entries[m], flow)}}});
  }
  return chapter;
}

std::string how_it_was_made(const StudyContent& content) {
  return fmt::format(
      "Each number of segments was fitted on all customers. Then other customers were drawn, segmented anew and "
      "compared "
      "with the fit, 20 times for each number; beside it the same was done with 20 invented portfolios that have the "
      "features' spread, skew, tails and correlations and no segments. A segment is stable beyond chance where these "
      "are "
      "{} as unstable. Recommended is the largest number of which each segment is, provided that they are tighter than "
      "in the invented portfolios: what is finer than the structure is not found again, what is coarser often is. The "
      "same customers in the same order give the same page, byte by byte.",
      shown_factor(content.stable_ratio));
}

Facts glossary() {
  return {
      {{"Jaccard",
        "The customers that are both in a segment and in the one that is most like it, as a share of those in either: "
        "1 where it is found again as it was."},
       {"Gap",
        "The logarithm of the mean squared distance to the centres in data without segments, less that of the "
        "portfolio."},
       {"R squared", "The share of the variance of all features that lies between segments."},
       {"Silhouette",
        "How much nearer customers are to their own segment than to the next one: 1 far apart, 0 on the "
        "border."},
       {withheld,
        "Withheld: the figure would say too much of single customers, or let another such figure be computed."}}};
}

}  // namespace

Contingency published_flow(const Contingency& flow, const StudyEntry& from, const StudyEntry& to,
                           std::int64_t min_cell) {
  Contingency published = flow;
  if (min_cell == 0) return published;
  const bool is_large = flow.first > most_flow_segments || flow.second > most_flow_segments;
  profile::SuppressionTable table;
  table.customers.resize(static_cast<std::size_t>(flow.first) + 1,
                         std::vector<std::int64_t>(static_cast<std::size_t>(flow.second)));
  table.is_unpublished_row.resize(table.customers.size());
  for (int i = 0; i < flow.first; ++i) {
    table.is_unpublished_row[static_cast<std::size_t>(i) + 1] = from.is_withheld(i);
    for (int j = 0; j < flow.second; ++j) {
      table.customers[static_cast<std::size_t>(i) + 1][static_cast<std::size_t>(j)] = flow.at(i, j);
      table.customers[0][static_cast<std::size_t>(j)] += flow.at(i, j);
    }
  }
  const bool is_all = is_large || from.studied.segmentation.all_customers() < min_cell;
  const profile::CellMask mask = is_all ? profile::CellMask() : profile::withheld_cells(table, min_cell);
  for (int i = 0; i < flow.first; ++i)
    for (int j = 0; j < flow.second; ++j)
      if (is_all || from.is_withheld(i) || to.is_withheld(j) ||
          mask[static_cast<std::size_t>(i) + 1][static_cast<std::size_t>(j)])
        published.at(i, j) = -1;
  return published;
}

std::string flows_csv(const StudyContent& content) {
  Table table;
  for (const char* key : {"from_segments", "from", "to_segments", "to", "customers", "share_of_from"})
    table.columns.push_back({key});
  for (std::size_t m = 0; m < content.flows.size(); ++m) {
    const Contingency& flow = content.flows[m];
    for (int i = 0; i < flow.first; ++i)
      for (int j = 0; j < flow.second; ++j) {
        const std::int64_t here = flow.at(i, j);
        if (here == 0) continue;
        const std::int64_t size = published_size(content.entries[m], i);
        table.rows.push_back({flow.first, i + 1, flow.second, j + 1, here < 0 ? Value() : Value(here),
                              here < 0 ? Value() : Value(static_cast<double>(here) / static_cast<double>(size))});
      }
  }
  return csv(table);
}

Document study_report(const StudyContent& content) {
  Document report{headline(content), "en", {}};
  report.add(Heading{1, report.title});
  report.add(Paragraph{subline(content)});
  const bool is_tested = content.recommendation.tested > 0;
  if (is_tested)
    for (const std::string& reason :
         recommendation_reasons(content.entries, content.preferences, content.recommendation))
      report.add(Paragraph{reason});
  else
    report.add(Paragraph{"Whether segments are found again was not tested, so no number is recommended."});
  for (const std::string& warning : content.warnings) report.add(Note{"Beware: " + warning + "."});
  report.add(Heading{2, "Side by side"});
  if (is_tested && content.entries.size() > 1) {
    report.add(line_picture(stability_chart(content)));
    report.add(line_picture(gap_chart(content)));
  }
  if (content.entries.size() > 1) report.add(line_picture(explained_chart(content)));
  report.add(number_table(content));
  report.append(flow_chapter(content));
  report.add(Heading{2, "How it was made"});
  report.add(Paragraph{how_it_was_made(content)});
  report.add(Heading{2, "Glossary"});
  report.add(glossary());
  return report;
}

}  // namespace cardseg::report
