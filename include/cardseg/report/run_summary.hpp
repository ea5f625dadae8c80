// What the closing lines of every run tell: segments, rows, costs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/core/phase_time.hpp"
#include "cardseg/profile/disclosure.hpp"
#include "cardseg/report/document.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::report {

/// What a run took.
struct RunCosts {
  std::vector<core::PhaseTime> phases;
  int ranks = 1;
  double elapsed_s = 0.0;               ///< of all phases, each on its slowest rank
  double planned_s = 0.0;               ///< 0: nothing was planned
  std::int64_t peak_rank_bytes = 0;     ///< on the rank with the largest peak
  std::int64_t peak_bytes = 0;          ///< on all ranks
  std::int64_t planned_rank_bytes = 0;  ///< on the largest rank
  std::string features;                 ///< where they were kept; empty: there were none to keep
};

/// Customers that came in, and what became of them.
struct RowCounts {
  std::int64_t in = 0;
  std::int64_t done = 0;
  std::int64_t rejected = 0;
  std::int64_t not_segmented = 0;  ///< that the filter does not select
};

/// Pure. Customers, share, root mean square distance and name of each segment; of those whose sizes are withheld the
/// name. Customers that are not segmented have a line of their own, where there are some.
Table segment_table(const cluster::SegmentTotals& totals, const std::vector<segments::SegmentName>& names,
                    const profile::DisclosureOptions& disclosure, std::int64_t not_segmented = 0);

/// Pure. "93,000 of 100,000 customers: status = "open"", of `rows` in all.
std::string population_text(const portfolio::Population& population, std::int64_t rows);

/// Pure. `done_word`: what was done with rows that were not rejected, for example "labelled".
Facts::Fact row_fact(const RowCounts& rows, const std::string& done_word);

/// Pure. Time, memory, and how features were kept.
std::vector<Facts::Fact> cost_facts(const RunCosts& costs);

}  // namespace cardseg::report
