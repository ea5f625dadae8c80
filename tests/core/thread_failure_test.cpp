#include "cardseg/core/thread_failure.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace cardseg::core {

TEST(ThreadFailure, IsThrownAgainBehindTheRegion) {
  ThreadFailure failure;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&, i] {
        failure.guard([&] {
          if (i == 2) throw std::runtime_error("out of luck");
        });
      });
  }

  try {
    failure.rethrow();
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "out of luck");
  }
}

TEST(ThreadFailure, KeepsTheFirstAndLeavesOutWhatFollows) {
  ThreadFailure failure;
  int done = 0;

  EXPECT_TRUE(failure.guard([&] { ++done; }));
  EXPECT_FALSE(failure.guard([] { throw 1; }));
  EXPECT_FALSE(failure.guard([&] { ++done; }));

  EXPECT_EQ(done, 1);
  EXPECT_THROW(failure.rethrow(), int);
}

TEST(ThreadFailure, IsNothingWhereNothingFailed) { EXPECT_NO_THROW(ThreadFailure().rethrow()); }

}  // namespace cardseg::core
