#include "cardseg/plan/memory_limit.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <fstream>

#include "cardseg/core/field.hpp"
#include "support/temporary_directory.hpp"

namespace cardseg::plan {
namespace {

namespace fs = std::filesystem;

void write_limit(const fs::path& group, const std::string& text) {
  fs::create_directories(group);
  std::ofstream(group / "memory.max") << text << "\n";
}

}  // namespace

TEST(MemoryLimit, IsWhatTheUserSays) {
  ::setenv("SLURM_MEM_PER_NODE", "100", 1);
  const MemoryLimit limit = find_memory_limit({"2G", ""});
  ::unsetenv("SLURM_MEM_PER_NODE");

  EXPECT_EQ(limit.node_bytes, std::int64_t{2} << 30);
  EXPECT_EQ(limit.source, core::field("memory-limit"));
  EXPECT_TRUE(limit.is_demanded);
}

TEST(MemoryLimit, IsWhatSlurmGaveInMegabytes) {
  ::setenv("SLURM_MEM_PER_NODE", "4096", 1);
  const MemoryLimit limit = find_memory_limit({});
  ::unsetenv("SLURM_MEM_PER_NODE");

  EXPECT_EQ(limit.node_bytes, std::int64_t{4} << 30);
  EXPECT_EQ(limit.source, "SLURM_MEM_PER_NODE");
  EXPECT_FALSE(limit.is_demanded);
}

TEST(MemoryLimit, DoesNotTakeSlurmsZeroForALimit) {
  ::setenv("SLURM_MEM_PER_NODE", "0", 1);  // --mem=0: all that the node has
  const MemoryLimit limit = find_memory_limit({});
  ::unsetenv("SLURM_MEM_PER_NODE");

  EXPECT_NE(limit.source, "SLURM_MEM_PER_NODE");
}

TEST(MemoryLimit, KnowsTheLimitOnAddresses) {
  EXPECT_EQ(find_memory_limit({}).rank_bytes, 0);
  rlimit before{};
  ::getrlimit(RLIMIT_AS, &before);
  rlimit limit = before;
  limit.rlim_cur = rlim_t{64} << 40;  // sanitizers map 20 TB
  ::setrlimit(RLIMIT_AS, &limit);
  const MemoryLimit found = find_memory_limit({});
  const MemoryLimit demanded = find_memory_limit({"2G", ""});
  ::setrlimit(RLIMIT_AS, &before);

  EXPECT_GT(found.rank_bytes, std::int64_t{32} << 40);
  EXPECT_LE(found.rank_bytes, std::int64_t{64} << 40);
  EXPECT_EQ(demanded.rank_bytes, 0);
}

TEST(MemoryLimit, LeavesOutAddressesThatAreNoMemory) {
  EXPECT_EQ(left_of_addresses(1000000, "100 20 7 1 0 30 0", 4096), 1000000 - 80 * 4096);
  EXPECT_EQ(left_of_addresses(4096, "100 20", 4096), 1);
}

TEST(MemoryLimit, IsTheLeastOfAControlGroupAndThoseAboveIt) {
  const support::TemporaryDirectory root;
  write_limit(root.path(), "max");
  write_limit(root / "slurm", "3000");
  write_limit(root / "slurm/job", "2000");
  write_limit(root / "slurm/job/step", "max");

  EXPECT_EQ(control_group_limit("0::/slurm/job/step\n", root.path()), 2000);
  EXPECT_EQ(control_group_limit("0::/slurm\n", root.path()), 3000);
  EXPECT_EQ(control_group_limit("4:memory:/old\n0::/slurm/job\n", root.path()), 2000);
}

TEST(MemoryLimit, IsNoneWhereNoControlGroupSaysOne) {
  const support::TemporaryDirectory root;
  write_limit(root.path(), "max");

  EXPECT_EQ(control_group_limit("0::/\n", root.path()), 0);
  EXPECT_EQ(control_group_limit("0::/elsewhere\n", root.path()), 0);
  EXPECT_EQ(control_group_limit("4:memory:/old\n", root.path()), 0);
  EXPECT_EQ(control_group_limit("", root.path()), 0);
}

}  // namespace cardseg::plan
