// cardseg plan: what a job will need, from the headers of its shards alone; the lines that ask Slurm for it.
//
//   cardseg plan --shards shards/ --segments 8
#include "cardseg/plan/calibrate.hpp"
#include "cardseg/plan/job_plan_text.hpp"
#include "cardseg/run/planned_job.hpp"
#include "jobs.hpp"

namespace cardseg::jobs {
namespace {

core::ExitCode plan(const run::PlannedJobOptions& o, cli::Context& c) {
  if (o.plan.calibrate) {
    c.console.print(plan::calibrate(c, o.plan.constants));
    return core::ExitCode::done;
  }
  validate(o.plan);
  const plan::TimeConstants constants = plan::chosen_time_constants(o.plan.constants);
  const plan::JobPlan planned = run::plan_portfolio(o, constants, c);
  c.console.print(plan::text_of(planned, constants, o.plan));
  return core::ExitCode::done;
}

}  // namespace

cli::Job plan_job() {
  return make_job<run::PlannedJobOptions>(
      {.name = "plan",
       .summary = "say what a job will need: ranks, memory, time, the lines for Slurm",
       .explanation =
           "Reads only the headers of the shards, and takes every option of the job that it plans. Memory is the\n"
           "model that fit itself keeps to; time is what the constants of a machine say of so many passes without\n"
           "pruning, and an estimate. --threads are those of each rank on the nodes, as for the job.",
       .examples = {"cardseg plan shards/ --segments 8",
                    "cardseg plan --job study --shards shards/ --description portfolio.ini --segments 2..12 --ranks "
                    "4 --nodes 2",
                    "cardseg plan --job assign --model run/model.json --shards shards/ --memory-per-node 4G --json",
                    "cardseg plan --calibrate --constants constants.json",
                    "cardseg plan --shards shards/ --segments 8 --constants constants.json --sbatch"},
       .positional = "shards",
       .uses_mpi = false,
       .threads_are_elsewhere = true},
      plan);
}

}  // namespace cardseg::jobs
