#include "cardseg/plan/memory_limit.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "cardseg/core/byte_size.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"

namespace cardseg::plan {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// The number that `text` begins with; 0 where it is none ("max") or 0, which Slurm uses for all memory of a node.
std::int64_t leading_number(const std::string& text) { return std::strtoll(text.c_str(), nullptr, 10); }

// What ulimit -v leaves; 0: no limit.
std::int64_t address_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 0;
  return left_of_addresses(static_cast<std::int64_t>(limit.rlim_cur), text_of("/proc/self/statm"),
                           ::sysconf(_SC_PAGESIZE));
}

}  // namespace

core::OptionTable describe(MemoryOptions& o) {
  using core::Shapes;
  return {
      "Memory",
      {core::text(o.limit, [](const std::string& text) { core::parse_byte_size(text, core::field("memory-limit")); },
                  {"memory-limit", "SIZE", Shapes::nothing,
                   "memory for all ranks on a node together, for example 512M or 1.5G; where the features need more "
                   "they are streamed from a scratch file, with the same results; default: what Slurm, the "
                   "control group or ulimit -v gave"}),
       core::text(o.scratch, {"scratch", "DIR", Shapes::nothing,
                              "directory on a disk for features that do not fit in memory; default: $TMPDIR, else the "
                              "directory that holds the output"})}};
}

void validate(const MemoryOptions& options) {
  MemoryOptions checked = options;
  core::validate(describe(checked));
}

MemoryLimit find_memory_limit(const MemoryOptions& options) {
  const std::string subject = core::field("memory-limit");
  if (!options.limit.empty()) return {core::parse_byte_size(options.limit, subject), subject, true};
  const std::int64_t addresses = address_limit();
  if (const char* slurm = std::getenv("SLURM_MEM_PER_NODE"))
    if (const std::int64_t megabytes = leading_number(slurm); megabytes > 0)
      return {megabytes << 20, "SLURM_MEM_PER_NODE", false, addresses};
  const std::int64_t group = control_group_limit(text_of("/proc/self/cgroup"), "/sys/fs/cgroup");
  return {group, group > 0 ? "the control group" : "", false, addresses};
}

std::int64_t left_of_addresses(std::int64_t limit_bytes, const std::string& statm, std::int64_t page_bytes) {
  std::istringstream words(statm);
  std::int64_t addresses = 0;
  std::int64_t memory = 0;
  words >> addresses >> memory;
  return std::max(std::int64_t{1}, limit_bytes - (addresses - memory) * page_bytes);
}

std::int64_t control_group_limit(const std::string& proc_cgroup, const fs::path& root) {
  std::istringstream lines(proc_cgroup);
  std::string line;
  while (std::getline(lines, line) && !line.starts_with("0::/")) {
  }
  if (!line.starts_with("0::/")) return 0;
  std::int64_t least = 0;
  for (fs::path group = line.substr(4);; group = group.parent_path()) {
    const std::int64_t limit = leading_number(text_of(root / group / "memory.max"));
    if (limit > 0 && (least == 0 || limit < least)) least = limit;
    if (group.empty()) return least;
  }
}

}  // namespace cardseg::plan
