#include "cardseg/io/scratch_mapping.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "cardseg/core/error.hpp"
#include "support/file_size_limit.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::io {
namespace {

using core::ExitCode;
using support::error_of;
using support::TemporaryDirectory;
using testing::HasSubstr;

const std::int64_t page = ::sysconf(_SC_PAGESIZE);

// Pages of the mapping that this process has in memory of its own: those that its page table knows.
std::int64_t resident_pages(const ScratchMapping& mapping) {
  std::vector<std::uint64_t> entries(static_cast<std::size_t>(mapping.bytes() / page));
  const int pages = ::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  const auto got = ::pread(pages, entries.data(), entries.size() * 8,
                           static_cast<off_t>(reinterpret_cast<std::intptr_t>(mapping.data()) / page * 8));
  ::close(pages);
  if (got != static_cast<ssize_t>(entries.size() * 8)) return -1;
  return std::count_if(entries.begin(), entries.end(), [](std::uint64_t entry) { return entry >> 63; });
}

ScratchMapping filled(const TemporaryDirectory& directory, std::int64_t bytes) {
  ScratchMapping mapping(directory.path(), bytes);
  for (std::int64_t i = 0; i < bytes; ++i) mapping.data()[i] = static_cast<std::byte>(i * 37 % 251);
  return mapping;
}

void expect_filled(const ScratchMapping& mapping) {
  for (std::int64_t i = 0; i < mapping.bytes(); ++i)
    ASSERT_EQ(mapping.data()[i], static_cast<std::byte>(i * 37 % 251)) << i;
}

}  // namespace

TEST(ScratchMapping, IsZeroAtFirst) {
  const TemporaryDirectory directory;
  const ScratchMapping mapping(directory.path(), 3 * page + 5);

  for (std::int64_t i = 0; i < mapping.bytes(); ++i) ASSERT_EQ(mapping.data()[i], std::byte{0});
}

TEST(ScratchMapping, LeavesNoNameInItsDirectory) {
  const TemporaryDirectory directory;
  const ScratchMapping mapping = filled(directory, page);

  EXPECT_EQ(directory.entries(), 0);
}

TEST(ScratchMapping, KeepsItsBytesWhenReleasedAndWrittenBack) {
  const TemporaryDirectory directory;
  const ScratchMapping mapping = filled(directory, 100 * page + 7);

  mapping.release(3, 40 * page);
  mapping.write_back(39 * page + 1, 200 * page);
  mapping.read_ahead(0, 200 * page);

  expect_filled(mapping);
}

TEST(ScratchMapping, GivesReleasedMemoryBack) {
  const TemporaryDirectory directory;
  const ScratchMapping mapping = filled(directory, 256 * page);
  ASSERT_EQ(resident_pages(mapping), 256);

  mapping.release(0, 100 * page);
  EXPECT_EQ(resident_pages(mapping), 156);
  mapping.write_back(100 * page, 256 * page);
  EXPECT_EQ(resident_pages(mapping), 0);
}

TEST(ScratchMapping, KeepsItsBytesWhenMoved) {
  const TemporaryDirectory directory;
  ScratchMapping first = filled(directory, 2 * page);

  ScratchMapping second = std::move(first);
  first = std::move(second);

  expect_filled(first);
}

TEST(ScratchMapping, MayBeEmpty) {
  const TemporaryDirectory directory;
  const ScratchMapping mapping(directory.path(), 0);

  mapping.release(0, 10);
  mapping.write_back(0, 10);
  mapping.read_ahead(0, 10);
  EXPECT_EQ(mapping.bytes(), 0);
}

TEST(ScratchMapping, RefusesADirectoryThatIsMissing) {
  const TemporaryDirectory directory;
  const core::Error error = error_of([&] { ScratchMapping(directory / "missing", page); });

  EXPECT_EQ(error.code(), ExitCode::cannot_create);
  EXPECT_THAT(error.what(), HasSubstr((directory / "missing").string()));
  EXPECT_THAT(error.what(), HasSubstr("with scratch"));
}

TEST(ScratchMapping, RefusesAFullDiskWhenItIsMade) {
  const TemporaryDirectory directory;
  const support::FileSizeLimit full(1 << 16);
  const core::Error error = error_of([&] { ScratchMapping(directory.path(), 1 << 20); });

  EXPECT_EQ(error.code(), ExitCode::cannot_create);
  EXPECT_THAT(error.what(), HasSubstr("1,048,576 bytes"));
}

TEST(ScratchMapping, RefusesMoreThanTheDiskHolds) {
  const TemporaryDirectory directory;
  const core::Error error = error_of([&] { ScratchMapping(directory.path(), std::int64_t{1} << 50); });

  EXPECT_EQ(error.code(), ExitCode::cannot_create);
  EXPECT_THAT(error.what(), HasSubstr("1,125,899,906,842,624 bytes"));
  EXPECT_EQ(directory.entries(), 0);
}

TEST(ScratchMapping, KnowsDirectoriesThatAreMemory) {
  if (!std::filesystem::exists("/dev/shm")) GTEST_SKIP() << "/dev/shm is not here";

  EXPECT_TRUE(is_in_memory("/dev/shm"));
  EXPECT_FALSE(is_in_memory("/proc"));
}

}  // namespace cardseg::io
