// study.csv and study.json: what a study of the number of segments found.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cardseg/profile/profile.hpp"
#include "cardseg/quality/preference.hpp"
#include "cardseg/quality/recommendation.hpp"
#include "cardseg/quality/studied_model.hpp"

namespace cardseg::report {

/// One studied number of segments and where its model is kept.
struct StudyEntry {
  const quality::StudiedModel& studied;
  std::string model_path;  ///< relative to the run directory
  std::string model_id;
  /// The sizes of its segments that are not withheld (profile::disclosed_sizes).
  profile::Profile published;

  bool is_withheld(int segment) const { return published.customers[static_cast<std::size_t>(segment) + 1].is_withheld; }
  /// Of the smallest segment; none where any is withheld.
  std::optional<std::int64_t> smallest() const;
};

/// Pure. CSV with a header, one line a number of segments. Numbers read back exactly; what is not defined is empty.
std::string study_csv(const std::vector<StudyEntry>& entries);

/// Pure. The same, and every segment and restart, what each criterion prefers and what is recommended; what is
/// not defined is null. `sample`: customers asked for in the sampled silhouette.
std::string study_json(const std::vector<StudyEntry>& entries, const std::vector<quality::Preference>& preferences,
                       const quality::Recommendation& recommendation, std::int64_t sample);

}  // namespace cardseg::report
