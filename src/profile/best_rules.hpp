// The rule of up to three conditions that tells a segment best, looked for in a sample.
#pragma once

#include <vector>

#include "cardseg/profile/rules.hpp"
#include "profile/rule_sample.hpp"

namespace cardseg::profile {

/// Pure. Rules for a segment (from 0) that are worth counting: of each number of conditions up to most_conditions the
/// one with the largest F measure, 2 own / (customers + all of the segment), as long as it grows. A beam search: of
/// each number of conditions the four best rules get a further one, each column and side with its best edge. Ties: the
/// first in the order of rules, features, sides and edges.
std::vector<std::vector<Condition>> rule_candidates(const RuleSample& sample, int segment, const RuleEdges& edges);

}  // namespace cardseg::profile
