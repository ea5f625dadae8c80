#include "cardseg/plan/plan_options.hpp"

#include <fmt/format.h>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"

namespace cardseg::plan {
namespace {

using core::Error;
using core::ExitCode;
using core::field;
using core::Shapes;

}  // namespace

core::OptionTable describe(PlanOptions& o) {
  return {"Plan",
          {core::choice(
               o.job, planned_job_names,
               {"job", "JOB", Shapes::nothing, "what is planned: fit, study or assign; with the job's own options"}),
           core::number(o.iterations, {1, 1000000},
                        {"iterations", "N", Shapes::nothing,
                         "passes that a restart is expected to take; what it takes, only the data knows"}),
           core::toggle(o.calibrate,
                        {"calibrate", "", Shapes::nothing, "measure the time constants of this machine and save them"}),
           core::text(o.constants, {"constants", "FILE", Shapes::nothing,
                                    "time constants that " + field("calibrate") +
                                        " saved, or saves; default: $CARDSEG_CONSTANTS, else built in, and "
                                        "cardseg-constants.json to save"}),
           core::toggle(o.json, {"json", "", Shapes::nothing, "print one JSON object"}),
           core::toggle(o.sbatch, {"sbatch", "", Shapes::nothing, "print options of sbatch alone, one a line"})}};
}

core::OptionTable describe(NodeOptions& o) {
  return {"Placement",
          {core::number(o.ranks, {0, 1'000'000},
                        {"ranks", "N", Shapes::nothing,
                         "of all nodes; 0: one for each 500,000 customers, as far as there are cores"}),
           core::number(o.nodes, {0, 10'000},
                        {"nodes", "M", Shapes::nothing, "0: one, or the fewest whose memory holds the features"}),
           core::number(o.node_cores, {0, 100'000},
                        {"cores-per-node", "N", Shapes::nothing, "0: as many as this machine has"}),
           core::byte_size(o.node_bytes,
                           {"memory-per-node", "SIZE", Shapes::nothing,
                            "memory for all ranks on a node, for example 64G; a job that cannot be held, also "
                            "streamed, is refused (exit code 78)"})}};
}

void validate(const PlanOptions& options) {
  PlanOptions checked = options;
  core::validate(describe(checked));
  if (options.json && options.sbatch)
    throw Error(ExitCode::usage, field("json") + " and " + field("sbatch") + " exclude each other")
        .remedy("Give one of them");
}

void validate(const NodeOptions& options) {
  NodeOptions checked = options;
  core::validate(describe(checked));
  if (options.ranks > 0 && options.nodes > options.ranks)
    throw Error(ExitCode::usage, fmt::format("{} {} leaves nodes of {} {} without a rank", field("ranks"),
                                             options.ranks, field("nodes"), options.nodes))
        .remedy("Use as many ranks as nodes, or more");
}

}  // namespace cardseg::plan
