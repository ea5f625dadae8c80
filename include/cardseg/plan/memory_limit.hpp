// How much memory a job may use on this machine, and who says so.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "cardseg/core/option.hpp"

namespace cardseg::plan {

/// What the user says about memory.
struct MemoryOptions {
  std::string limit;    ///< of all ranks on a node, as core::parse_byte_size reads it; empty: what the job was given
  std::string scratch;  ///< directory for a matrix that does not fit; empty: $TMPDIR, else beside the output
};

core::OptionTable describe(MemoryOptions& options);
/// Throws core::Error(usage) where the limit is no size.
void validate(const MemoryOptions& options);

/// A limit for all ranks on a node together.
struct MemoryLimit {
  std::int64_t node_bytes = 0;  ///< 0: none is known
  std::string source;           ///< field("memory-limit"), "SLURM_MEM_PER_NODE" or "the control group"
  bool is_demanded = false;     ///< by the user: a job that cannot keep it must not start
  /// What the limit on addresses (ulimit -v, RLIMIT_AS) leaves each rank; 0: none, or the user demands another.
  std::int64_t rank_bytes = 0;
};

inline constexpr const char* address_limit_source = "ulimit -v";

/// Local. The user's limit, else Slurm's, else that of the process's control group (version 2); beside the latter two
/// that on addresses.
MemoryLimit find_memory_limit(const MemoryOptions& options);

/// Pure. What a limit on addresses leaves for memory: libraries and stacks take addresses that are no memory. `statm`
/// is the text of /proc/self/statm: pages of addresses and of memory. At least 1, so that it is not taken for none.
std::int64_t left_of_addresses(std::int64_t limit_bytes, const std::string& statm, std::int64_t page_bytes);

/// Local. The least memory.max of a version 2 control group and those above it; 0: none. `proc_cgroup` is the text of
/// /proc/self/cgroup, `root` where the hierarchy is mounted.
std::int64_t control_group_limit(const std::string& proc_cgroup, const std::filesystem::path& root);

}  // namespace cardseg::plan
