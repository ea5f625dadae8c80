#include "cardseg/report/refresh_chapter.hpp"

#include <fmt/format.h>

#include "cardseg/report/numbers.hpp"
#include "report/figures.hpp"

namespace cardseg::report {
namespace {

using monitor::Refresh;
using monitor::RefreshedSegment;
using monitor::ToldSegment;

std::string moved_text(const Refresh& refresh) {
  return fmt::format("{} of {} change segment by the new model alone",
                     shown_share(static_cast<double>(refresh.moved) / static_cast<double>(refresh.customers)),
                     counted(refresh.customers, "customer"));
}

std::string limit_text(const Refresh& refresh) {
  if (!refresh.is_limited) return "no limit was set";
  const std::string limit = fmt::format("the limit is {}", shown_share(refresh.max_moved));
  if (refresh.weight == 0) return limit + ", which held without a prior";
  return fmt::format("{}: each old centroid weighs as much as {} times its customers", limit,
                     shown_count(refresh.weight));
}

Table segment_table(const Refresh& refresh, const profile::DisclosureOptions& disclosure) {
  Table table{"Old beside new",
              {{"Segment", Format::count},
               {"Name"},
               {"Verdict"},
               {"By the old model", Format::count},
               {"By the new", Format::count},
               {"Kept", Format::share, fitting_decimals},
               {"Now in"},
               {"Centre moved", Format::number, 3}},
              {},
              {},
              "refresh.csv"};
  const std::vector<ToldSegment> told = told_segments(refresh, disclosure);
  for (std::size_t i = 0; i < told.size(); ++i) {
    const RefreshedSegment& segment = refresh.segments[i];
    std::string to;
    for (const int number : segment.to) to += (to.empty() ? "" : ", ") + std::to_string(number);
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(std::int64_t{segment.number});
    row.emplace_back(segment.name);
    row.emplace_back(segment.fate);
    row.emplace_back(cell_of(told[i].by_old_model));
    row.emplace_back(cell_of(told[i].customers));
    row.emplace_back(cell_of(told[i].kept_share));
    row.emplace_back(to);
    row.emplace_back(segment.centre_moved);
  }
  return table;
}

}  // namespace

Document refresh_chapter(const Refresh& refresh, const profile::DisclosureOptions& disclosure) {
  Document chapter;
  chapter.add(Heading{2, "Against the model before", "refresh"});
  chapter.add(
      Paragraph{fmt::format("This model was refreshed: it began with the centroids of an older one, on the customers "
                            "of this month, which are "
                            "prepared as they were for that. {}; {}.",
                            moved_text(refresh), limit_text(refresh))});
  chapter.add(segment_table(refresh, disclosure));
  chapter.add(Note{fmt::format(
      "All customers are of this month; both models score the same values. Survived: at least half of a segment's "
      "customers are in the new segment of its number. Merged: they are in another one's. Split: parts of a quarter "
      "or more are in several. Vanished: neither. New: a number that was never used before. Centres move by so much in "
      "the space of the features. The model before is {}.",
      refresh.old_model_id.substr(0, 12))});
  return chapter;
}

Document refresh_summary(const Refresh& refresh, const profile::DisclosureOptions& disclosure, const RowCounts& rows,
                         const std::vector<std::string>& warnings, const RunCosts& costs,
                         const std::string& directory) {
  Document summary;
  summary.add(Facts{{{"refresh", moved_text(refresh)}, {"", limit_text(refresh)}}});
  summary.add(segment_table(refresh, disclosure));
  Facts facts;
  for (const std::string& warning : warnings) facts.facts.push_back({"warning", warning});
  facts.facts.push_back(row_fact(rows, "labelled"));
  for (const Facts::Fact& fact : cost_facts(costs)) facts.facts.push_back(fact);
  facts.facts.push_back(
      {"files", fmt::format("{0}/report.html, {0}/refresh.csv, {0}/model.json, {0}/labels/", directory)});
  summary.add(std::move(facts));
  return summary;
}

}  // namespace cardseg::report
