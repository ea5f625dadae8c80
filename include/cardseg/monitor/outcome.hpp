// What a campaign did: the customers who were contacted against those of the same list who were held out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/quality/proportions.hpp"

namespace cardseg::monitor {

/// A customer of the list, and what came of it.
struct CampaignCustomer {
  int segment = 0;  ///< from 1
  bool is_target = true;
  bool has_responded = false;
  double value = 0.0;
};

/// One group of a segment.
struct GroupOutcome {
  quality::Proportion responses;
  double mean_value = 0.0;  ///< NaN of nobody
  double sd_value = 0.0;    ///< of a sample; NaN of fewer than 2
};

/// Whether the campaign did something, as far as can be told.
enum class Effect { raised, lowered, not_shown };
const char* name_of(Effect effect);

struct SegmentOutcome {
  int segment = 0;  ///< 0: the whole list
  GroupOutcome target;
  GroupOutcome holdout;
  double uplift = 0.0;         ///< target's share of responses less the holdout's; NaN where a group is empty
  quality::Interval interval;  ///< of the uplift, 95 % (Newcombe 1998, method 10)
  double detectable = 0.0;     ///< the smallest uplift that these groups show in four of five cases
  Effect effect = Effect::not_shown;
  double value_uplift = 0.0;         ///< mean value a customer, target less holdout
  quality::Interval value_interval;  ///< 95 %: 1.96 standard errors (Welch); NaN where there is none
};

/// Pure. The whole list first, then each segment that is on it, by number. Values are added up exactly: the order of
/// customers plays no part.
std::vector<SegmentOutcome> measure_outcome(const std::vector<CampaignCustomer>& customers);

}  // namespace cardseg::monitor
