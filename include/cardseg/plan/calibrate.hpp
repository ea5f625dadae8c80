// Measures the constants of time_constants.hpp on the machine at hand.
#pragma once

#include <filesystem>
#include <string>

#include "cardseg/cli/job.hpp"
#include "cardseg/plan/time_constants.hpp"

namespace cardseg::plan {

/// Local; takes some ten seconds. Measures each step of a fit by this build, on this machine, with the threads of
/// `context`, on a generated portfolio in `scratch` (a directory that it makes and removes again).
TimeConstants measure_time_constants(cli::Context& context, const std::filesystem::path& scratch);

/// Local. The same, saved to `file` (empty: cardseg-constants.json); the text that says so, for people.
std::string calibrate(cli::Context& context, const std::string& file);

}  // namespace cardseg::plan
