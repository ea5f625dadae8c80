#include "cardseg/run/checkpoint.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>

#include "cardseg/io/atomic_file.hpp"
#include "support/temporary_directory.hpp"

namespace cardseg::run {
namespace {

namespace fs = std::filesystem;

Checkpoint numbered(std::int64_t sequence) {
  Checkpoint checkpoint{sequence, "2026-01-01T00:00:00Z", {{"--seed", "1"}, {"shard a.h5", "5 rows"}}, "", {}};
  cluster::RestartProgress restart;
  restart.result.iterations = 2;
  restart.result.course = {1e300 / 3, 0.1};
  restart.result.inertia = 0.1;
  restart.result.states = {0xffffffffffffffffu, 1};
  restart.result.centroids = cluster::Centroids(1, 2);
  restart.result.centroids.values = {-0.0, 1.0 / 3};
  restart.sums.emplace(1, 2);
  restart.sums->sums = {-(core::int128{1} << 90) - 7, 3};
  restart.sums->customers = {5};
  checkpoint.progress.restarts = {restart};
  return checkpoint;
}

void damage(const fs::path& file, std::streamoff at) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(at);
  stream.put('#');
}

}  // namespace

TEST(Checkpoint, IsReadAsItWasWrittenToTheBit) {
  const support::TemporaryDirectory directory;
  write_checkpoint(directory.path(), numbered(4));

  const FoundCheckpoint found = find_checkpoint(directory.path());

  ASSERT_TRUE(found.newest);
  EXPECT_EQ(found.file, "checkpoint.0");
  EXPECT_EQ(found.newest->identity, numbered(4).identity);
  const cluster::RestartProgress& restart = found.newest->progress.restarts.at(0);
  const cluster::RestartProgress expected = numbered(4).progress.restarts[0];
  EXPECT_EQ(restart.result.course, expected.result.course);
  EXPECT_EQ(restart.result.states, expected.result.states);
  EXPECT_EQ(restart.result.centroids.values, expected.result.centroids.values);
  EXPECT_TRUE(std::signbit(restart.result.centroids.values[0]));
  EXPECT_TRUE(restart.sums->sums == expected.sums->sums);
  EXPECT_EQ(restart.sums->customers, expected.sums->customers);
}

TEST(Checkpoint, TheNewestOfTwoSlotsCounts) {
  const support::TemporaryDirectory directory;
  for (std::int64_t sequence : {7, 8, 9}) write_checkpoint(directory.path(), numbered(sequence));

  EXPECT_EQ(find_checkpoint(directory.path()).newest->sequence, 9);
}

TEST(Checkpoint, ADamagedSlotLeavesTheOther) {
  const support::TemporaryDirectory directory;
  write_checkpoint(directory.path(), numbered(1));
  write_checkpoint(directory.path(), numbered(2));
  const auto size = static_cast<std::streamoff>(fs::file_size(directory.path() / "checkpoint.0"));
  for (std::streamoff at : {std::streamoff{0}, std::streamoff{30}, size / 2, size - 2}) {
    write_checkpoint(directory.path(), numbered(2));
    damage(directory.path() / "checkpoint.0", at);

    const FoundCheckpoint found = find_checkpoint(directory.path());

    EXPECT_EQ(found.newest->sequence, 1) << "byte " << at;
    EXPECT_EQ(found.damaged, (std::vector<std::string>{"checkpoint.0"}));
  }
  fs::resize_file(directory.path() / "checkpoint.1", 10);
  EXPECT_FALSE(find_checkpoint(directory.path()).newest);
}

TEST(Checkpoint, IsAbsentWhereThereIsNone) {
  const support::TemporaryDirectory directory;
  const FoundCheckpoint found = find_checkpoint(directory.path() / "nowhere");
  EXPECT_FALSE(found.newest);
  EXPECT_TRUE(found.damaged.empty());
}

TEST(Checkpoint, DifferencesAreNamed) {
  EXPECT_EQ(difference({{"a", "1"}, {"b", ""}}, {{"a", "1"}, {"b", ""}}), "");
  EXPECT_EQ(difference({{"--seed", "1"}}, {{"--seed", "2"}}), "--seed was 1 and is now 2");
  EXPECT_EQ(difference({{"--id", ""}}, {{"--id", "x"}}), "--id was not given and is now x");
  EXPECT_EQ(difference({{"a", "1"}}, {{"a", "1"}, {"shard b.h5", "2"}}), "shard b.h5 is new");
  EXPECT_EQ(difference({{"a", "1"}, {"shard b.h5", "2"}}, {{"a", "1"}}), "shard b.h5 is gone");
}

}  // namespace cardseg::run
