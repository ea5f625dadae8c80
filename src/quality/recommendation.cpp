#include "cardseg/quality/recommendation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cardseg::quality {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool is_stable(const StudiedStability& studied, double stable_ratio) {
  return studied.least_ratio() >= stable_ratio && studied.stability.gap > studied.stability.gap_error;
}

// Tibshirani, Walther, Hastie 2001, of numbers that follow one another.
int prefer_by_gap(const std::vector<StudiedStability>& studied) {
  for (std::size_t i = 0; i + 1 < studied.size(); ++i) {
    const Stability& here = studied[i].stability;
    const Stability& next = studied[i + 1].stability;
    if (!here.is_tested() || !next.is_tested() || studied[i + 1].segments != studied[i].segments + 1) continue;
    if (here.gap >= next.gap - next.gap_error) return studied[i].segments;
  }
  return 0;
}

}  // namespace

double StudiedStability::mean_ratio() const {
  return stability.is_tested() ? stability.at_judged().ratio(stability.at_judged().mean_jaccard()) : nan;
}

double StudiedStability::least_ratio() const {
  if (!stability.is_tested()) return nan;
  double least = std::numeric_limits<double>::infinity();
  for (const double jaccard : stability.at_judged().jaccard) {
    const double ratio = stability.at_judged().ratio(jaccard);
    if (std::isnan(ratio)) return nan;
    least = std::min(least, ratio);
  }
  return least;
}

bool Recommendation::is_candidate(int k) const { return std::ranges::find(candidates, k) != candidates.end(); }

Recommendation recommend(const std::vector<StudiedStability>& studied, double stable_ratio) {
  Recommendation found;
  for (const StudiedStability& each : studied) {
    found.tested += each.stability.is_tested() ? 1 : 0;
    if (is_stable(each, stable_ratio)) found.candidates.push_back(each.segments);
  }
  const std::size_t count = found.candidates.size();
  if (count > 0) found.segments = found.candidates[count - 1];
  if (count > 1) found.runner_up = found.candidates[count - 2];
  found.preferred_by_gap = prefer_by_gap(studied);
  return found;
}

}  // namespace cardseg::quality
