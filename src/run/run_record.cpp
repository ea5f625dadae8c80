#include "cardseg/run/run_record.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

#include "cardseg/cli/version.hpp"
#include "cardseg/cluster/vector_width.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/session.hpp"
#include "cardseg/core/utc_time.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/run/run_files.hpp"

namespace cardseg::run {
namespace {

using json = nlohmann::ordered_json;

struct Memory {
  std::int64_t largest;
  std::int64_t total;
};

Memory peak_memory(const comm::Communicator& comm) {
  const std::int64_t mine = cli::peak_memory_bytes();
  return {comm.max(mine), comm.sum(mine)};
}

json slurm_facts() {
  json facts = json::object();
  for (const char* name :
       {"SLURM_JOB_ID", "SLURM_JOB_NAME", "SLURM_ARRAY_TASK_ID", "SLURM_RESTART_COUNT", "SLURM_JOB_NODELIST"})
    if (const char* value = std::getenv(name)) facts[name] = value;
  return facts;
}

// Of all phases, each on its slowest rank.
double elapsed_s(const std::vector<core::PhaseTime>& phases) {
  double sum_s = 0;
  for (const core::PhaseTime& phase : phases) sum_s += phase.max_s;
  return sum_s;
}

json storage_facts(const plan::MemoryPlan& plan) {
  if (!plan.storage.is_streamed()) return {{"kept", "in memory"}};
  return {{"kept", "scratch"}, {"bytes_a_pass", plan.pass_bytes}};
}

}  // namespace

void write_run_record(const OutputOwner& owner, const RunRecord& record) {
  cli::Context& context = owner.context();
  const comm::Communicator& comm = context.comm;
  json phases = json::array();
  const std::vector<core::PhaseTime> times = context.phases.summary(comm);
  for (const core::PhaseTime& phase : times)
    phases.push_back({{"name", phase.name}, {"min_s", phase.min_s}, {"mean_s", phase.mean_s}, {"max_s", phase.max_s}});
  const Memory memory = peak_memory(comm);
  std::map<std::string, int> ranks_on;
  for (const std::string& host : comm.allgather(comm::processor_name())) ++ranks_on[host];
  json versions = json::object();
  for (const auto& list : {cli::result_versions(), cli::build_versions()})
    for (const auto& [name, value] : list) versions[name] = value;
  const json whole = {{"job", record.job},
                      {"owner", comm.is_root() ? json::parse(io::to_json(owner.owner())) : json()},
                      {"finished", core::utc_now()},
                      {"ranks", comm.size()},
                      {"threads_per_rank", context.threads},
                      {"hosts", ranks_on},
                      {"vector_width", cluster::vector_width_in_use()},
                      {"rows", record.rows},
                      {"unsettled_share", record.unsettled_share ? json(*record.unsettled_share) : json()},
                      {"phases", phases},
                      {"elapsed_s", elapsed_s(times)},
                      {"planned_s", record.planned_s},
                      {"peak_memory_bytes", {{"largest_rank", memory.largest}, {"all_ranks", memory.total}}},
                      {"planned_memory_bytes", {{"largest_rank", record.plan.rank_bytes}}},
                      {"memory_limit_bytes", {{"largest_rank", record.plan.limit_rank_bytes}}},
                      {"features", storage_facts(record.plan)},
                      {"slurm", slurm_facts()},
                      {"versions", versions}};
  comm::agree(comm, [&] {
    if (comm.is_root()) io::write_file(owner.directory() / files::run_record, whole.dump(1) + "\n");
  });
}

report::RunCosts costs_of(const cli::Context& context, const RunRecord& record) {
  const std::vector<core::PhaseTime> phases = context.phases.summary(context.comm);
  const Memory memory = peak_memory(context.comm);
  report::RunCosts costs;
  costs.ranks = context.comm.size();
  costs.elapsed_s = elapsed_s(phases);
  costs.planned_s = record.planned_s;
  costs.peak_rank_bytes = memory.largest;
  costs.peak_bytes = memory.total;
  costs.planned_rank_bytes = record.plan.rank_bytes;
  if (record.plan.pass_bytes > 0) costs.features = record.plan.text();
  costs.phases = phases;
  return costs;
}

}  // namespace cardseg::run
