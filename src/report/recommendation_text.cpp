#include "cardseg/report/recommendation_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cardseg/core/name_list.hpp"
#include "cardseg/report/numbers.hpp"

namespace cardseg::report {
namespace {

using quality::Recommendation;
using quality::StudiedStability;

const StudiedStability* studied_with(const std::vector<StudiedStability>& all, int segments) {
  const auto found = std::ranges::find(all, segments, &StudiedStability::segments);
  return found == all.end() ? nullptr : &*found;
}

std::string in_figures(const StudiedStability& studied) {
  const quality::StabilityAtSize& at = studied.stability.at_judged();
  return fmt::format(
      "With {} segments, resamples of {} find them again with a Jaccard of {} on average, data without segments with "
      "{}. Chance is {} as unstable, and {} as the least stable segment. They are tighter than data without segments "
      "would make them: the gap is {}, with a standard error of {}.",
      shown_count(studied.segments), counted(at.customers, "customer"), shown_fixed(at.mean_jaccard(), 3),
      shown_fixed(at.null_jaccard, 3), shown_factor(studied.mean_ratio()), shown_factor(studied.least_ratio()),
      shown_number(studied.stability.gap), shown_number(studied.stability.gap_error));
}

// The best that there is where nothing is enough.
std::string nearest_miss(const std::vector<StudiedStability>& all) {
  const StudiedStability* best = nullptr;
  for (const StudiedStability& each : all)
    if (!std::isnan(each.least_ratio()) && (best == nullptr || each.least_ratio() > best->least_ratio())) best = &each;
  if (best == nullptr) return "No number of segments could be judged: resamples hold too few customers of a segment.";
  return fmt::format("The least unstable is {}: chance is {} as unstable as its least stable segment.",
                     counted(best->segments, "segment"), shown_factor(best->least_ratio()));
}

std::string other_criteria(const std::vector<quality::Preference>& preferences, const Recommendation& recommendation) {
  std::vector<std::string> said;
  for (const quality::Preference& each : preferences)
    said.push_back(fmt::format("{} {}", each.criterion, shown_count(each.segments)));
  if (recommendation.preferred_by_gap > 0)
    said.push_back(fmt::format("the gap statistic {}", shown_count(recommendation.preferred_by_gap)));
  return said.empty() ? "" : fmt::format("Other criteria prefer: {}.", core::all_of(said));
}

}  // namespace

std::vector<StudiedStability> stabilities_of(const std::vector<StudyEntry>& entries) {
  std::vector<StudiedStability> all;
  for (const StudyEntry& entry : entries) all.push_back({entry.studied.segments(), entry.studied.stability});
  return all;
}

std::string recommendation_text(const Recommendation& recommendation) {
  if (recommendation.tested == 0) return "";
  if (recommendation.segments == 0) return "no clear answer: no number of segments is stable beyond chance";
  return fmt::format("{}, the {} of which each is stable beyond chance", counted(recommendation.segments, "segment"),
                     recommendation.candidates.size() == 1 ? "only number" : "largest number");
}

std::vector<std::string> recommendation_reasons(const std::vector<StudyEntry>& entries,
                                                const std::vector<quality::Preference>& preferences,
                                                const Recommendation& recommendation) {
  const std::vector<StudiedStability> all = stabilities_of(entries);
  std::vector<std::string> reasons;
  if (recommendation.segments > 0) {
    reasons.push_back(in_figures(*studied_with(all, recommendation.segments)));
    reasons.push_back(recommendation.runner_up > 0
                          ? fmt::format("The runner-up is {}: coarser, and stable beyond chance as well.",
                                        counted(recommendation.runner_up, "segment"))
                          : "There is no runner-up.");
    if (recommendation.segments == all.back().segments)
      reasons.emplace_back("It is the largest number that was studied: finer ones may be stable, too.");
  } else {
    reasons.push_back(nearest_miss(all));
    reasons.emplace_back(
        "Segments can be useful all the same, as a map has grids where the land has no borders; but other customers "
        "would give other segments, and their number is a choice, not a finding.");
  }
  if (const std::string others = other_criteria(preferences, recommendation); !others.empty())
    reasons.push_back(others);
  return reasons;
}

std::string stability_word(const StudiedStability& studied, double stable_ratio) {
  if (!studied.stability.is_tested()) return "not tested";
  if (std::isnan(studied.mean_ratio())) return "not known";
  if (studied.mean_ratio() < stable_ratio) return "not beyond chance";
  if (std::isnan(studied.least_ratio())) return "not known";
  return studied.least_ratio() >= stable_ratio ? "stable beyond chance" : "partly beyond chance";
}

}  // namespace cardseg::report
