#include "cardseg/app/memory_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "cardseg/app/byte_size.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/session.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/io/scratch_mapping.hpp"
#include "cardseg/portfolio/load.hpp"

namespace cardseg::app {
namespace {

namespace fs = std::filesystem;
using segments::Precision;

constexpr std::int64_t fixed_bytes = std::int64_t{96} << 20;  // program, MPI, HDF5 and its chunk caches
constexpr std::int64_t row_bytes = 24;                        // labels, distances or one raw column beside the matrix
constexpr std::int64_t streaming_row_bytes = 32;              // the same, and scores while a value is summed
constexpr std::int64_t company_row_bytes = 4;                 // labels of one more model
constexpr std::int64_t most_together = 16;                    // behind it computing takes longer than reading
constexpr std::int64_t windows = 3;  // of a thread: before, at and behind the tiles that it reads
// Many ranks with few customers each exceed a limit by what they are, not by their features: to stream these is no help.
constexpr std::int64_t least_saving = std::int64_t{16} << 20;
constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();

std::int64_t matrix_bytes(std::int64_t rows, int features, Precision precision) {
  return precision == Precision::float32 ? portfolio::FeatureMatrix<float>::bytes(rows, features)
                                         : portfolio::FeatureMatrix<double>::bytes(rows, features);
}

std::int64_t window_bytes(int features, Precision precision) {
  return precision == Precision::float32 ? portfolio::FeatureMatrix<float>::window_bytes(features)
                                         : portfolio::FeatureMatrix<double>::window_bytes(features);
}

std::int64_t pass_bytes(const comm::Communicator& comm, const MemoryNeed& need) {
  const core::Range mine = core::local_range(comm.rank(), need.rows, comm.size());
  return comm.sum(matrix_bytes(mine.size(), need.features, need.precision));
}

// What the job as a whole knows of its limit.
struct SharedLimit {
  std::int64_t rank_bytes = 0;  // the least of all ranks; 0: none
  int node_ranks = 1;           // the most on a node
};

SharedLimit share_limit(const comm::Communicator& comm, const MemoryLimit& limit) {
  const std::vector<std::string> hosts = comm.allgather(comm::processor_name());
  const std::int64_t ranks = std::ranges::count(hosts, hosts[static_cast<std::size_t>(comm.rank())]);
  const std::int64_t least = comm.min(limit.node_bytes > 0 ? limit.node_bytes / ranks : no_limit);
  return {least == no_limit ? 0 : least, static_cast<int>(comm.max(ranks))};
}

fs::path scratch_directory(const MemoryOptions& options, const fs::path& beside) {
  if (!options.scratch.empty()) return options.scratch;
  if (const char* temporary = std::getenv("TMPDIR"); temporary && *temporary) return temporary;
  const fs::path parent = beside.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

void check_limit(Context& c, const MemoryLimit& limit, const SharedLimit& shared, std::int64_t least_rank_bytes) {
  if (least_rank_bytes <= shared.rank_bytes) return;
  const std::string least = byte_size_above(least_rank_bytes * shared.node_ranks);
  const std::string reason =
      fmt::format("{} leaves {} for each of {} rank{} on a node, but a rank needs {} even where features are streamed",
                  limit.source, byte_size_above(shared.rank_bytes), shared.node_ranks,
                  shared.node_ranks == 1 ? "" : "s", byte_size_above(least_rank_bytes));
  if (!limit.is_demanded) return c.console.warning(reason + ": the job may be ended by the system");
  throw comm::AgreedError(
      core::Error(core::ExitCode::usage, reason)
          .remedy(fmt::format("Use --memory-limit {} or more, fewer ranks on a node, or more nodes", least)));
}

// As many models as fit into the limit read the scratch file together.
void add_company(std::int64_t rows, int models, MemoryPlan& plan) {
  const std::int64_t each = std::max<std::int64_t>(1, company_row_bytes * rows);
  const std::int64_t fitting = std::max<std::int64_t>(0, plan.limit_rank_bytes - plan.rank_bytes) / each;
  plan.together = static_cast<int>(std::min<std::int64_t>({1 + fitting, models, most_together}));
  plan.rank_bytes += each * (plan.together - 1);
}

void warn_of_scratch_in_memory(Context& c, const fs::path& scratch) {
  if (io::is_in_memory(scratch))
    c.console.warning(
        fmt::format("{} is kept in memory: a scratch file there saves none. Name a directory on a disk with --scratch",
                    scratch.string()));
}

}  // namespace

std::string MemoryPlan::text() const {
  const std::string sharing = together > 1 ? fmt::format(", {} restarts share a pass", together) : "";
  if (!storage.is_streamed()) return "in memory" + sharing;
  return fmt::format("streamed from scratch, {:.0f} MB a pass{}", static_cast<double>(pass_bytes) / 1e6, sharing);
}

std::int64_t planned_bytes(std::int64_t rows, int features, Precision precision) {
  return fixed_bytes + matrix_bytes(rows, features, precision) + row_bytes * rows;
}

std::int64_t planned_streaming_bytes(std::int64_t rows, int features, Precision precision, int threads) {
  const std::int64_t loading = portfolio::streaming_load_bytes(matrix_bytes(rows, features, precision));
  return fixed_bytes + streaming_row_bytes * rows +
         std::max(loading, threads * windows * window_bytes(features, precision));
}

MemoryPlan plan_memory(Context& c, const MemoryOptions& options, const fs::path& beside, const MemoryNeed& need) {
  const MemoryLimit limit = comm::agree(c.comm, [&] { return find_memory_limit(options); });
  const SharedLimit shared = share_limit(c.comm, limit);
  const std::int64_t rows = core::local_range(0, need.rows, c.comm.size()).size();  // no rank has more
  MemoryPlan plan;
  plan.limit_rank_bytes = shared.rank_bytes;
  plan.pass_bytes = pass_bytes(c.comm, need);
  plan.together = std::clamp(need.together, 1, need.models);
  const std::int64_t beside_fit = need.extra_rank_bytes + company_row_bytes * rows * (plan.together - 1);
  plan.rank_bytes = planned_bytes(rows, need.features, need.precision) + beside_fit;
  if (shared.rank_bytes > 0 && plan.rank_bytes > shared.rank_bytes) {
    const int threads = static_cast<int>(c.comm.max(std::int64_t{c.threads}));
    const std::int64_t streaming = planned_streaming_bytes(rows, need.features, need.precision, threads) + beside_fit;
    check_limit(c, limit, shared, streaming);
    if (limit.is_demanded || plan.rank_bytes - streaming > least_saving) {
      plan.rank_bytes = streaming;
      plan.storage.scratch = scratch_directory(options, beside);
      if (need.together == 0) add_company(rows, need.models, plan);
      warn_of_scratch_in_memory(c, plan.storage.scratch);
    }
  }
  c.console.info(fmt::format("features are {}{}", plan.text(),
                             plan.storage.is_streamed() ? fmt::format(" (limit: {})", limit.source) : ""));
  return plan;
}

}  // namespace cardseg::app
