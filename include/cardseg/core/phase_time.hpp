// How long a phase of a job took.
#pragma once

#include <string>

namespace cardseg::core {

/// Elapsed seconds of a phase over the ranks.
struct PhaseTime {
  std::string name;
  double min_s = 0.0;
  double mean_s = 0.0;
  double max_s = 0.0;
};

}  // namespace cardseg::core
