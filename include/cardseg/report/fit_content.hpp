// What the report of a fit is made of.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cardseg/portfolio/trust_thresholds.hpp"
#include "cardseg/profile/disclosed_separation.hpp"
#include "cardseg/profile/principal_map.hpp"
#include "cardseg/profile/profile.hpp"
#include "cardseg/profile/rules.hpp"
#include "cardseg/quality/sampled_silhouette.hpp"
#include "cardseg/quality/stability.hpp"
#include "cardseg/report/alternatives.hpp"
#include "cardseg/report/segment_words.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::report {

/// How far segments are apart, how well rules tell them, and whether they are found again, measured on the features
/// that they were found in.
struct FitEvidence {
  profile::DisclosedSeparation separation;
  quality::SampledSilhouette silhouette;
  std::optional<profile::PrincipalMap> map;  ///< none where features do not span a plane, or are too many
  profile::Rules rules = {};
  quality::Stability stability = {};
  portfolio::TrustThresholds thresholds = {};     ///< of verdicts
  std::optional<Alternatives> alternatives = {};  ///< none where the fit follows no study
};

struct FitContent {
  const segments::Model& model;
  const profile::Profile& profile;  ///< as disclosure control let it through
  const FitEvidence& evidence;
  std::vector<SegmentWords> words;  ///< one a segment
  std::vector<std::string> warnings = {};

  /// Of more segments a page has cards, columns and chapters of the first alone.
  static constexpr int most_segments = 40;
  int shown_segments() const { return profile.segments < most_segments ? profile.segments : most_segments; }
  /// What people call a segment (from 1): the name that it was given, or the one that was made;
  /// between the marks by which it can be replaced (name_marks.hpp).
  std::string name(int segment) const;
  /// How far a segment (from 1) lies apart; NaN where too few of its customers were measured.
  double silhouette(int segment) const;
  /// Bins of the map and the like with fewer customers are not drawn.
  std::int64_t least_customers() const;
};

}  // namespace cardseg::report
