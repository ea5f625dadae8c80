// What a study recommends, in words.
#pragma once

#include <string>
#include <vector>

#include "cardseg/quality/recommendation.hpp"
#include "cardseg/report/study_tables.hpp"

namespace cardseg::report {

/// Pure. What the recommendation is made from.
std::vector<quality::StudiedStability> stabilities_of(const std::vector<StudyEntry>& entries);

/// Pure. One line: "8 segments: the largest number of which each segment is found again beyond chance"; that there is
/// no clear answer; empty where nothing was tested.
std::string recommendation_text(const quality::Recommendation& recommendation);

/// Pure. Sentences with the figures, the runner-up and what other criteria say.
std::vector<std::string> recommendation_reasons(const std::vector<StudyEntry>& entries,
                                                const std::vector<quality::Preference>& preferences,
                                                const quality::Recommendation& recommendation);

/// Pure. What of it is said of one number of segments: "stable beyond chance", "partly beyond chance", "not beyond
/// chance", "not known" or "not tested".
std::string stability_word(const quality::StudiedStability& studied, double stable_ratio);

}  // namespace cardseg::report
