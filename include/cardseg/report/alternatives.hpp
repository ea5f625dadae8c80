// What the study that a fit follows says of other numbers of segments.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cardseg::report {

/// One number of segments; NaN: not known.
struct Alternative {
  int segments = 0;
  double r_squared = 0.0;
  double stability = 0.0;
  double least_stability = 0.0;
  double null_stability = 0.0;
  double least_ratio = 0.0;  ///< times that chance is as unstable as the least stable segment
  double gap = 0.0;
};

struct Alternatives {
  std::int64_t customers = 0;  ///< of the study
  int tested = 0;              ///< numbers of segments of which the study knows whether they are found again
  int recommended = 0;         ///< 0: the study has no clear answer
  int runner_up = 0;           ///< 0: none
  std::vector<Alternative> numbers;
};

}  // namespace cardseg::report
