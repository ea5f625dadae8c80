#include "cardseg/report/study_summary.hpp"

#include <fmt/format.h>

#include "cardseg/report/numbers.hpp"
#include "cardseg/report/recommendation_text.hpp"

namespace cardseg::report {
namespace {

using quality::Preference;
using quality::StudiedModel;

Table model_table(const std::vector<StudyEntry>& entries) {
  Table table;
  table.columns = {
      {"segments", Format::count},          {"inertia", Format::number, 8},   {"Calinski-Harabasz", Format::fixed, 1},
      {"Davies-Bouldin", Format::fixed, 3}, {"silhouette", Format::fixed, 4}, {"sampled", Format::fixed, 4},
      {"smallest", Format::count},          {"agreement", Format::fixed, 4},  {"reached", Format::count}};
  for (const StudyEntry& entry : entries) {
    const StudiedModel& m = entry.studied;
    table.rows.push_back({m.segments(), m.segmentation.total_inertia, m.calinski_harabasz, m.davies_bouldin,
                          m.silhouette.mean, m.sampled_silhouette,
                          entry.smallest() ? Cell(*entry.smallest()) : Cell("withheld"), m.mean_agreement(),
                          m.fit.reached});
  }
  return table;
}

std::string preferred_text(const std::vector<Preference>& preferences) {
  if (preferences.empty()) return "nothing: one segment has nothing to be compared with";
  std::string text;
  for (const Preference& each : preferences)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", each.criterion, shown_count(each.segments));
  return text;
}

// Whether the criteria agree, where there is something to agree on.
std::string verdict_text(const std::vector<Preference>& preferences, std::size_t models) {
  if (preferences.empty()) return "";
  if (models == 1) return "one number of segments was studied: there is nothing to compare it with";
  const quality::Consensus consensus = quality::consensus_of(preferences);
  const std::string what_none_knows = "none knows what the segments are for: look at several";
  if (consensus.criteria == 1) return "one criterion alone is defined, and it does not know what the segments are for";
  if (consensus.is_unanimous())
    return fmt::format("all {} criteria agree on {}, but {}", consensus.criteria, shown_count(consensus.segments),
                       what_none_knows);
  return fmt::format("criteria disagree ({} of {} prefer {}), and {}", consensus.supporters, consensus.criteria,
                     shown_count(consensus.segments), what_none_knows);
}

// The number that is recommended; where none is, that most criteria prefer; where none does, the fewest.
const StudyEntry& proposed(const std::vector<StudyEntry>& entries, const std::vector<Preference>& preferences,
                           const quality::Recommendation& recommendation) {
  if (preferences.empty()) return entries.front();
  const int segments =
      recommendation.segments > 0 ? recommendation.segments : quality::consensus_of(preferences).segments;
  for (const StudyEntry& entry : entries)
    if (entry.studied.segments() == segments) return entry;
  return entries.front();
}

// The fit that finds the entry's segments.
std::string next_fit_text(const StudyEntry& entry, const std::string& directory) {
  const std::string what = "with labels, tables and a report";
  const int segments = entry.studied.segments();
  if (entry.studied.fit.refitted_from == 0)
    return fmt::format("cardseg fit --segments {} ... (the same model, {})", segments, what);
  return fmt::format("cardseg fit --segments {} --seeding file --centroids {}/{} ... (the same segments, {})", segments,
                     directory, entry.model_path, what);
}

}  // namespace

Document study_summary(const std::vector<StudyEntry>& entries, const std::vector<Preference>& preferences,
                       const StudyRun& run) {
  Document summary;
  summary.add(Facts{{{"study", fmt::format("{}, {}, {} of segments, {} each", counted(run.customers, "customer"),
                                           counted(run.features, "feature"), counted(std::ssize(entries), "number"),
                                           counted(std::ssize(entries.front().studied.fit.restarts), "restart"))}}});
  summary.add(model_table(entries));
  Facts facts;
  facts.facts.push_back({"best by", preferred_text(preferences)});
  const std::string verdict = verdict_text(preferences, entries.size());
  if (!verdict.empty()) facts.facts.push_back({"", verdict});
  if (const std::string text = recommendation_text(run.recommendation); !text.empty())
    facts.facts.push_back({"stable", text});
  for (const std::string& warning : run.warnings) facts.facts.push_back({"warning", warning});
  for (const Facts::Fact& fact : cost_facts(run.costs)) facts.facts.push_back(fact);
  const StudyEntry& next = proposed(entries, preferences, run.recommendation);
  facts.facts.push_back({"files", fmt::format("{0}/report.html, {0}/study.csv, {0}/study.json, {0}/{1}, ...",
                                              run.directory, entries.front().model_path)});
  facts.facts.push_back({"next", next_fit_text(next, run.directory) + ", or"});
  facts.facts.push_back({"", fmt::format("cardseg assign --model {}/{} --shards NEW_SHARDS --output scored",
                                         run.directory, next.model_path)});
  summary.add(facts);
  return summary;
}

}  // namespace cardseg::report
