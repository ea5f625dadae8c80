// Whether a segment can be acted on: by its size and by how far it lies from its neighbours, with the reasons.
#pragma once

#include <string>
#include <vector>

#include "cardseg/report/document.hpp"
#include "cardseg/report/fit_content.hpp"

namespace cardseg::report {

/// Shares of all customers: a segment below the first is small, above the second hardly a segment.
inline constexpr double small_share = 0.02;
inline constexpr double large_share = 0.5;
/// Of fewer customers than this, averages move with each of them.
inline constexpr std::int64_t few_customers = 100;
/// Silhouettes from which structure is reasonable, and below which there is none (Kaufman, Rousseeuw 1990).
inline constexpr double clear_silhouette = 0.5;
inline constexpr double blurred_silhouette = 0.25;

struct SegmentVerdict {
  Verdict size;
  std::string size_reason;
  Verdict separation;
  std::string separation_reason;
  Verdict whole;  ///< the worse of the two: solid, usable or weak
};

/// Pure. Clear, overlapping or blurred, by the silhouette as it is shown: rounded to two decimals.
Verdict separation_verdict(double silhouette);

/// Pure. One a segment.
std::vector<SegmentVerdict> verdicts(const FitContent& content);

}  // namespace cardseg::report
