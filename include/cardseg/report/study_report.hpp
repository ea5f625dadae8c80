// The page of a study: which number of segments it recommends and why, curves, and where customers go from one number
// to the next.
#pragma once

#include <string>
#include <vector>

#include "cardseg/quality/adjusted_rand.hpp"
#include "cardseg/quality/preference.hpp"
#include "cardseg/quality/recommendation.hpp"
#include "cardseg/report/document.hpp"
#include "cardseg/report/study_tables.hpp"

namespace cardseg::report {

struct StudyContent {
  std::vector<StudyEntry> entries;  ///< at least one
  std::vector<quality::Preference> preferences;
  quality::Recommendation recommendation;
  std::vector<quality::Contingency> flows;  ///< [m]: from entry m to entry m + 1 (published_flow)
  std::int64_t features = 0;
  double stable_ratio = 3.0;
  std::vector<std::string> warnings = {};
};

/// Pure. Customers by segment of two neighbouring entries, with -1 for those that are withheld: cells that tell of
/// fewer customers than min-cell, as many others as it takes that none of them can be computed, and those of segments
/// whose size is withheld. Of more than most_flow_segments segments all are withheld.
quality::Contingency published_flow(const quality::Contingency& flow, const StudyEntry& from, const StudyEntry& to,
                                    std::int64_t min_cell);

inline constexpr int most_flow_segments = 64;

/// Pure. flows.csv: from_segments, from, to_segments, to, customers, share_of_from; of each pair of neighbouring
/// numbers of segments, cells of nobody left out; empty where they are withheld.
std::string flows_csv(const StudyContent& content);

/// Pure.
Document study_report(const StudyContent& content);

}  // namespace cardseg::report
