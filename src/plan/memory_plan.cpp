#include "cardseg/plan/memory_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/session.hpp"
#include "cardseg/core/byte_size.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/io/scratch_mapping.hpp"
#include "cardseg/portfolio/load.hpp"

namespace cardseg::plan {
namespace {

namespace fs = std::filesystem;
using portfolio::Precision;

// Program, MPI, HDF5, chunks at work: 31 to 39 MB were measured on 1 to 16 ranks of a node, up to 40 over nodes.
constexpr std::int64_t fixed_bytes = 42'000'000;
constexpr std::int64_t network_bytes = 3'000'000;             // more where ranks are on several nodes
constexpr std::int64_t peer_bytes = std::int64_t{256} << 10;  // of each other rank on the node: MPI's shared memory
constexpr std::int64_t thread_bytes = std::int64_t{2} << 20;  // of each thread but the first: a chunk and its decoder
constexpr std::int64_t row_bytes = 24;                        // labels, distances or one raw column beside the matrix
constexpr std::int64_t streaming_row_bytes = 32;              // the same, and scores while a value is summed
constexpr std::int64_t profile_row_bytes = 30;                // scores, a raw column and what is searched of it
constexpr std::int64_t model_row_bytes = 4;                   // labels of one more model
constexpr std::int64_t most_together = 16;                    // behind it computing takes longer than reading
constexpr std::int64_t scoring_block_rows = std::int64_t{1} << 18;  // that assign encodes at a time,
constexpr std::int64_t scoring_row_bytes = 24;                      // and what it holds of each beside the features
constexpr std::int64_t windows = 3;  // of a thread: before, at and behind the tiles that it reads
// Many ranks with few customers each exceed a limit by what they are, not by their features: to stream these is no
// help.
constexpr std::int64_t least_saving = std::int64_t{16} << 20;
constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max();

std::int64_t matrix_bytes(std::int64_t rows, int features, Precision precision) {
  return portfolio::with_precision(
      precision, [&]<class T>(std::type_identity<T>) { return portfolio::FeatureMatrix<T>::bytes(rows, features); });
}

std::int64_t window_bytes(int features, Precision precision) {
  return portfolio::with_precision(
      precision, [&]<class T>(std::type_identity<T>) { return portfolio::FeatureMatrix<T>::window_bytes(features); });
}

// No rank has more.
std::int64_t most_rows(const MemoryNeed& need, const RankShape& shape) {
  return core::local_range(0, need.rows, shape.ranks).size();
}

int models_together(const MemoryNeed& need) { return std::clamp(need.together, 1, need.models); }

// The sample on its way and where it lies.
std::int64_t gathered_bytes(const MemoryNeed& need, const RankShape& shape) {
  if (shape.ranks == 1) return 0;
  return 2 * need.gathered_values * (need.precision == Precision::float32 ? 4 : 8);
}

std::int64_t base_bytes(const MemoryNeed& need, const RankShape& shape) {
  const std::int64_t other_models = model_row_bytes * most_rows(need, shape) * (models_together(need) - 1);
  const std::int64_t network = shape.ranks > shape.node_ranks ? network_bytes : 0;
  return fixed_bytes + network + peer_bytes * (shape.node_ranks - 1) + thread_bytes * (shape.threads - 1) +
         need.extra_rank_bytes + other_models + gathered_bytes(need, shape);
}

std::int64_t pass_bytes(const comm::Communicator& comm, const MemoryNeed& need) {
  const core::Range mine = core::local_range(comm.rank(), need.rows, comm.size());
  return comm.sum(matrix_bytes(mine.size(), need.features, need.precision));
}

// What the job as a whole knows of its limit.
struct SharedLimit {
  std::int64_t rank_bytes = 0;  // the least of all ranks; 0: none
  int node_ranks = 1;           // the most on a node
  std::string source;
};

std::int64_t ranks_on_my_node(const comm::Communicator& comm) {
  const std::vector<std::string> hosts = comm.allgather(comm::processor_name());
  return std::ranges::count(hosts, hosts[static_cast<std::size_t>(comm.rank())]);
}

RankShape shape_of(const cli::Context& c, int node_ranks) {
  return {c.comm.size(), node_ranks, static_cast<int>(c.comm.max(std::int64_t{c.threads}))};
}

SharedLimit share_limit(const comm::Communicator& comm, const MemoryLimit& limit) {
  const std::int64_t ranks = ranks_on_my_node(comm);
  const std::int64_t of_node = comm.min(limit.node_bytes > 0 ? limit.node_bytes / ranks : no_limit);
  const std::int64_t of_rank = comm.min(limit.rank_bytes > 0 ? limit.rank_bytes : no_limit);
  const std::int64_t least = std::min(of_node, of_rank);
  return {least == no_limit ? 0 : least, static_cast<int>(comm.max(ranks)),
          of_rank < of_node ? address_limit_source : limit.source};
}

fs::path scratch_directory(const MemoryOptions& options, const fs::path& beside) {
  if (!options.scratch.empty()) return options.scratch;
  if (const char* temporary = std::getenv("TMPDIR"); temporary && *temporary) return temporary;
  const fs::path parent = beside.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

void check_limit(cli::Context& c, const MemoryLimit& limit, const SharedLimit& shared, std::int64_t least_rank_bytes) {
  if (least_rank_bytes <= shared.rank_bytes) return;
  const std::string least = core::byte_size_above(least_rank_bytes * shared.node_ranks);
  const std::string reason =
      fmt::format("{} leaves {} for {} on a node, but a rank needs {} even if features are streamed", shared.source,
                  core::byte_size_above(shared.rank_bytes),
                  shared.node_ranks == 1 ? "the only rank" : fmt::format("each of {} ranks", shared.node_ranks),
                  core::byte_size_above(least_rank_bytes));
  if (!limit.is_demanded) return c.console.warning(reason + ": the system may end the job");
  throw comm::AgreedError(core::Error(core::ExitCode::usage, reason)
                              .remedy(fmt::format("Use {} {} or more, fewer ranks on a node, or more nodes",
                                                  core::field("memory-limit"), least)));
}

// As many models as fit into the limit read the scratch file together.
void add_models(const MemoryNeed& need, const RankShape& shape, MemoryPlan& plan) {
  const std::int64_t each = std::max<std::int64_t>(1, model_row_bytes * most_rows(need, shape));
  const std::int64_t fitting = std::max<std::int64_t>(0, plan.limit_rank_bytes - plan.rank_bytes) / each;
  plan.together = static_cast<int>(std::min<std::int64_t>({1 + fitting, need.models, most_together}));
  plan.rank_bytes += each * (plan.together - 1);
}

void warn_of_scratch_in_memory(cli::Context& c, const fs::path& scratch) {
  if (io::is_in_memory(scratch))
    c.console.warning(
        fmt::format("{} is kept in memory: a scratch file there saves none. Name a directory on a disk with {}",
                    scratch.string(), core::field("scratch")));
}

}  // namespace

std::string MemoryPlan::text() const {
  const std::string sharing = together > 1 ? fmt::format(", {} restarts share a pass", together) : "";
  if (!storage.is_streamed()) return "in memory" + sharing;
  return fmt::format("streamed from scratch, {} a pass{}", core::megabytes(pass_bytes), sharing);
}

std::int64_t planned_bytes(const MemoryNeed& need, const RankShape& shape) {
  const std::int64_t rows = most_rows(need, shape);
  return base_bytes(need, shape) + matrix_bytes(rows, need.features, need.precision) + row_bytes * rows;
}

std::int64_t planned_streaming_bytes(const MemoryNeed& need, const RankShape& shape) {
  const std::int64_t rows = most_rows(need, shape);
  const std::int64_t loading = portfolio::streaming_load_bytes(matrix_bytes(rows, need.features, need.precision));
  return base_bytes(need, shape) + streaming_row_bytes * rows +
         std::max(loading, shape.threads * windows * window_bytes(need.features, need.precision));
}

std::int64_t planned_scoring_bytes(const MemoryNeed& need, const RankShape& shape) {
  const std::int64_t rows = most_rows(need, shape);
  const std::int64_t block = std::min(rows, scoring_block_rows);
  return base_bytes(need, shape) + row_bytes * rows + matrix_bytes(block, need.features, need.precision) +
         scoring_row_bytes * block;
}

StorageChoice choose_storage(const MemoryNeed& need, const RankShape& shape, const RankLimit& limit) {
  const std::int64_t kept = planned_bytes(need, shape);
  const std::int64_t streamed = planned_streaming_bytes(need, shape);
  const bool is_streamed =
      limit.bytes > 0 && kept > limit.bytes && (limit.is_demanded || kept - streamed > least_saving);
  return {is_streamed ? streamed : kept, is_streamed, std::min(kept, streamed)};
}

MemoryPlan plan_memory(cli::Context& c, const MemoryOptions& options, const fs::path& beside, const MemoryNeed& need) {
  const MemoryLimit limit = comm::agree(c.comm, [&] { return find_memory_limit(options); });
  const SharedLimit shared = share_limit(c.comm, limit);
  const RankShape shape = shape_of(c, shared.node_ranks);
  const StorageChoice choice = choose_storage(need, shape, {shared.rank_bytes, limit.is_demanded});
  MemoryPlan plan{choice.rank_bytes, shared.rank_bytes, pass_bytes(c.comm, need), {}, models_together(need)};
  if (shared.rank_bytes > 0) check_limit(c, limit, shared, choice.least_rank_bytes);
  if (choice.is_streamed) {
    plan.storage.scratch = scratch_directory(options, beside);
    if (need.together == 0) add_models(need, shape, plan);
    warn_of_scratch_in_memory(c, plan.storage.scratch);
  }
  c.console.info(fmt::format("features are {}{}", plan.text(),
                             plan.storage.is_streamed() ? fmt::format(" (limit: {})", shared.source) : ""));
  return plan;
}

MemoryPlan plan_profile_memory(cli::Context& c, std::int64_t rows) {
  const int node_ranks = static_cast<int>(c.comm.max(ranks_on_my_node(c.comm)));
  const RankShape shape = shape_of(c, node_ranks);
  const MemoryNeed need{.rows = rows};
  return {base_bytes(need, shape) + profile_row_bytes * most_rows(need, shape), 0, 0, {}};
}

MemoryPlan plan_scoring_memory(cli::Context& c, const MemoryNeed& need) {
  const int node_ranks = static_cast<int>(c.comm.max(ranks_on_my_node(c.comm)));
  return {planned_scoring_bytes(need, shape_of(c, node_ranks)), 0, 0, {}};
}

}  // namespace cardseg::plan
