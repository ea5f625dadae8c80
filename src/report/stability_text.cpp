#include "cardseg/report/stability_text.hpp"

#include <fmt/format.h>

#include "cardseg/quality/recommendation.hpp"
#include "cardseg/report/numbers.hpp"
#include "cardseg/report/recommendation_text.hpp"

namespace cardseg::report {

std::string stability_text(const quality::Stability& stability, quality::Trust asked, int segments,
                           const portfolio::TrustThresholds& thresholds) {
  if (asked == quality::Trust::off) return "";
  if (segments < 2) return "stability is not tested: one segment has no border that could be found again";
  if (!stability.is_tested())
    return fmt::format("stability is not tested: resamples hold fewer than {} of every segment",
                       counted(thresholds.segment_customers, "customer"));
  const quality::StabilityAtSize& at = stability.at_judged();
  const quality::StudiedStability studied{segments, stability};
  return fmt::format("stability {} in resamples of {}, {} without segments: {} as unstable, {}",
                     shown_fixed(at.mean_jaccard(), 3), shown_count(at.customers), shown_fixed(at.null_jaccard, 3),
                     shown_factor(studied.mean_ratio()), stability_word(studied, thresholds.stable_ratio));
}

}  // namespace cardseg::report
