// What a user chooses about a plan, beside the options of the job that is planned.
#pragma once

#include <cstdint>
#include <string>

#include "cardseg/core/enum_names.hpp"
#include "cardseg/core/option.hpp"

namespace cardseg::plan {

enum class PlannedJob { fit, study, assign };
inline constexpr core::EnumNames<PlannedJob> planned_job_names = {"fit", "study", "assign"};
inline const char* name_of(PlannedJob job) { return planned_job_names[job]; }

struct PlanOptions {
  PlannedJob job = PlannedJob::fit;
  int iterations = 30;     ///< passes that a restart is expected to take
  bool calibrate = false;  ///< measure the constants of this machine instead
  std::string constants;   ///< file of time constants; empty: known_time_constants()
  bool json = false;       ///< one JSON object
  bool sbatch = false;     ///< options of sbatch alone
};

/// What the user asks for. 0: to be chosen.
struct NodeOptions {
  int ranks = 0;
  int nodes = 0;
  int threads = 1;  ///< of each rank; as of every job
  int node_cores = 1;
  std::int64_t node_bytes = 0;  ///< memory of a node; 0: any
};

core::OptionTable describe(PlanOptions& options);
/// Without the threads, which every job has.
core::OptionTable describe(NodeOptions& options);

/// Throw core::Error(usage) naming the field, the value and what is allowed.
void validate(const PlanOptions& options);
void validate(const NodeOptions& options);

}  // namespace cardseg::plan
