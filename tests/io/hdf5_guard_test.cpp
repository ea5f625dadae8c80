// Crashes and endless loops outside of this program's own code, and inside.
#include "io/hdf5_guard.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "cardseg/core/error.hpp"
#include "cardseg/io/shard_file.hpp"
#include "io/hdf5_handle.hpp"
#include "support/raw_hdf5.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::io::hdf5 {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

// Where the C library finds no memory: the instruction that fails is its own.
void crash_in_a_library() {
  volatile std::uintptr_t nowhere = 8;
  ::strtol(reinterpret_cast<const char*>(nowhere), nullptr, 10);
}

// Ends with 65 where `work` became that error, and says it.
void expect_error(void (*work)(), const std::string& words) {
  const auto end_like_the_program = [&] {
    start();
    const core::Error error = support::error_of([&] { guarded(work); });
    std::fprintf(stderr, "%s\n", error.what());
    ::_exit(static_cast<int>(error.code()));
  };
  EXPECT_EXIT(end_like_the_program(), testing::ExitedWithCode(65), words);
}

class GuardTest : public testing::Test {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "the sanitizer has the signals";
#endif
    GTEST_FLAG_SET(death_test_style, "threadsafe");
  }
};

TEST_F(GuardTest, MakesErrorsOfCrashesInsideTheLibrary) {
  expect_error(crash_in_a_library, "is damaged: the HDF5 library crashed \\(signal 11\\)");
  expect_error([] { std::abort(); }, "is damaged: the HDF5 library crashed \\(signal 6\\)");
}

TEST_F(GuardTest, EndsLoopsInsideTheLibrary) {
  expect_error([] { raise(SIGRTMIN); }, "is damaged: the HDF5 library did not come to an end in 120 s of computing");
}

TEST_F(GuardTest, CountsComputingOnly) {
  const auto compute = [] {
    start();
    set_read_timeout(1);
    const core::Error error = support::error_of([] {
      guarded([] {
        std::atomic<int> endless = 0;
        for (;;) ++endless;
      });
    });
    std::fprintf(stderr, "%s\n", error.what());
    ::_exit(static_cast<int>(error.code()));
  };
  EXPECT_EXIT(compute(), testing::ExitedWithCode(65), "did not come to an end");
  const auto wait = [] {
    start();
    set_read_timeout(1);
    guarded([] {
      const timespec two_seconds = {2, 0};
      ::nanosleep(&two_seconds, nullptr);
    });
    ::_exit(0);
  };
  EXPECT_EXIT(wait(), testing::ExitedWithCode(0), "");
}

TEST_F(GuardTest, DoesNotCallTheLibraryAgain) {
  const auto crash_and_read = [] {
    const support::TemporaryDirectory directory;
    const auto path = directory / "shard.h5";
    { support::RawHdf5(path).add("x", H5T_IEEE_F32LE, std::vector<float>(10, 1.5F)); }
    const ShardFile shard(path);
    support::error_of([] { guarded(crash_in_a_library); });
    std::vector<double> out(10);
    const core::Error error = support::error_of([&] { shard.read_numbers(0, {0, 10}, out); });
    std::fprintf(stderr, "%s\n", error.what());
    ::_exit(static_cast<int>(error.code()));
  };
  EXPECT_EXIT(crash_and_read(), testing::ExitedWithCode(65), "the HDF5 library crashed before");
}

TEST_F(GuardTest, LeavesCrashesOfThisProgramAsTheyAre) {
  const auto own_crash = [] {
    start();
    guarded([] {
      volatile int* volatile nowhere = nullptr;
      *nowhere = 1;
    });
  };
  EXPECT_EXIT(own_crash(), testing::ExitedWithCode(70), "internal error: the program crashed");
  const auto outside = [] {
    start();
    crash_in_a_library();
  };
  EXPECT_EXIT(outside(), testing::ExitedWithCode(70), "internal error: the program crashed");
}

TEST_F(GuardTest, PassesErrorsOn) {
  start();
  const core::Error error =
      support::error_of([] { guarded([] { throw core::Error(core::ExitCode::io, "the disk is gone"); }); });

  EXPECT_EQ(error.code(), core::ExitCode::io);
}

}  // namespace
}  // namespace cardseg::io::hdf5
