// The manual page and the bash completion, made from the jobs' own descriptions, so that neither can go stale.
#pragma once

#include <string>
#include <vector>

#include "cardseg/cli/job.hpp"

namespace cardseg::cli {

/// cardseg(1) in the man macros: every job, its options and its examples.
std::string man_page(const std::vector<Job>& jobs);

/// A script for bash that completes jobs and their options.
std::string bash_completion(const std::vector<Job>& jobs);

}  // namespace cardseg::cli
