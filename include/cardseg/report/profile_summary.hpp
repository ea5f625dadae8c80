// What `profile` says of its result.
#pragma once

#include <string>
#include <vector>

#include "cardseg/profile/profile.hpp"
#include "cardseg/report/run_summary.hpp"

namespace cardseg::report {

/// What the job knows beside the profile.
struct ProfileRun {
  std::vector<std::string> warnings;
  RunCosts costs;
  std::string directory;
};

/// Pure.
Document profile_summary(const profile::Profile& profile, const ProfileRun& run);

}  // namespace cardseg::report
