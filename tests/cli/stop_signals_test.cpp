// Signals in a process of their own each.
#include "cardseg/cli/stop_signals.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <initializer_list>

namespace cardseg::cli {
namespace {

// Ends this process with 0 where the signals, sent one after another, have set the flag and done nothing else.
void send(std::initializer_list<int> signals) {
  catch_stop_signals();
  if (is_stop_signalled()) ::_exit(2);
  for (const int signal : signals) std::raise(signal);
  ::_exit(is_stop_signalled() ? 0 : 1);
}

void send_where_ignored(int signal) {
  std::signal(signal, SIG_IGN);
  send({signal, signal});
}

void send_where_default(std::initializer_list<int> signals) {
  for (const int signal : signals) std::signal(signal, SIG_DFL);
  send(signals);
}

}  // namespace

TEST(StopSignalsDeathTest, OnlySetAFlag) {
  for (const int signal : {SIGUSR1, SIGTERM, SIGINT, SIGHUP})
    EXPECT_EXIT(send_where_default({signal}), testing::ExitedWithCode(0), "") << signal;
}

TEST(StopSignalsDeathTest, ThatSlurmRepeatsStayCaught) {
  EXPECT_EXIT(send_where_default({SIGUSR1, SIGUSR1, SIGTERM, SIGTERM}), testing::ExitedWithCode(0), "");
}

TEST(StopSignalsDeathTest, OfAPersonEndTheProcessTheSecondTime) {
  EXPECT_EXIT(send_where_default({SIGINT, SIGINT}), testing::KilledBySignal(SIGINT), "");
  EXPECT_EXIT(send_where_default({SIGHUP, SIGHUP}), testing::KilledBySignal(SIGHUP), "");
}

TEST(StopSignalsDeathTest, ThatAreIgnoredStaySo) {
  EXPECT_EXIT(send_where_ignored(SIGHUP), testing::ExitedWithCode(1), "");
  EXPECT_EXIT(send_where_ignored(SIGINT), testing::ExitedWithCode(1), "");
}

TEST(StopSignalsDeathTest, OfSlurmAreCaughtAlsoWhereTheyWereIgnored) {
  EXPECT_EXIT(send_where_ignored(SIGUSR1), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(send_where_ignored(SIGTERM), testing::ExitedWithCode(0), "");
}

}  // namespace cardseg::cli
