// Memory, threads and scratch disks that fail while a job works.
#include <gmock/gmock.h>

#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
using testing::HasSubstr;

class Memory : public Faults {
 protected:
  std::string fit(const std::string& options = "") const {
    return support::program() + " fit --quiet --segments 3 --shards " + at("shards") + " --output " + output() + " " +
           options;
  }
};

// In parallel regions and elsewhere.
TEST_F(Memory, ThatEndsIsAnErrorWhereverItEnds) {
  ASSERT_EQ(support::run_cardseg("generate --extra-features 8 --customers 1000000 --output " + at("."),
                                 {.ranks = 0, .seconds = 300})
                .exit_code,
            0);
  int errors = 0;
  for (int megabytes = 302; megabytes <= 452; megabytes += support::is_campaign() ? 2 : 15) {
    SCOPED_TRACE(megabytes);
    const support::Outcome outcome = support::run_shell("ulimit -v " + std::to_string(megabytes * 1000) +
                                                        "; OMP_NUM_THREADS=2 " + fit("--overwrite"));

    for (const int signal : {6, 7, 11}) EXPECT_NE(outcome.exit_code, 128 + signal) << outcome.err;
    EXPECT_THAT(outcome.err, testing::Not(HasSubstr("libgomp")));
    const int said = count(outcome.err, "cardseg: error: ");
    EXPECT_LE(said, 1) << outcome.err;
    if (said == 1) {
      EXPECT_EQ(outcome.exit_code, static_cast<int>(ExitCode::system)) << outcome.err;
    }
    errors += said;
  }
  EXPECT_GT(errors, 0);
}

TEST_F(Memory, ThatIsTooLittleForMpiIsRefused) {
  const support::Outcome outcome = support::run_shell("ulimit -v 250000; " + fit());
  EXPECT_EQ(outcome.exit_code, static_cast<int>(ExitCode::system));
  EXPECT_THAT(outcome.err, HasSubstr("the limit on addresses (ulimit -v) is 256 MB a process; MPI needs 300 MB to "
                                     "start. Raise it: ulimit -v unlimited"));
  EXPECT_EQ(count(outcome.err, "cardseg: error: "), 1);
}

TEST_F(Memory, OfTooManyThreadsIsRefused) {
  write_shard(at("shards/a.h5"), customers(100));
  for (const int ranks : {0, 3}) {
    const support::Outcome outcome = support::run_cardseg(
        "fit --segments 3 --shards " + at("shards") + " --output " + output(), {.ranks = ranks, .threads = 100000});
    EXPECT_EQ(outcome.exit_code, static_cast<int>(ExitCode::usage));
    EXPECT_THAT(outcome.err, HasSubstr("OMP_NUM_THREADS cannot be 100000: 1 to 4096. Leave it out, or give the number "
                                       "of cores of a rank"));
    EXPECT_EQ(count(outcome.err, "cardseg: error: "), 1);
  }
}

// What a disk does that fails: the pages behind a mapping are gone (SIGBUS).
TEST_F(Memory, OnAFailingScratchDiskIsAnError) {
  ASSERT_EQ(support::run_cardseg("generate --extra-features 2 --customers 500000 --output " + at("portfolio"),
                                 {.ranks = 0, .seconds = 300})
                .exit_code,
            0);
  const support::Outcome outcome = support::run_shell(
      support::program() + " fit --quiet --segments 3 --restarts 50 --trust off --memory-limit 75M --scratch " +
      at("") + " --checkpoint-every 0.01s --shards " + at("portfolio/shards") + " --output " + output() +
      " & until ls " + output() + "/checkpoint.? >/dev/null 2>&1; do kill -0 $! || exit 1; sleep 0.05; done\n" +
      "for f in /proc/$!/fd/*; do case $(readlink $f) in " + at("") + "*deleted*) : >$f;; esac; done\nwait $!");

  EXPECT_EQ(outcome.exit_code, static_cast<int>(ExitCode::io)) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("the scratch file cannot be read or written: input/output error"));
  EXPECT_EQ(count(outcome.err, "cardseg: error: "), 1) << outcome.err;
}

}  // namespace
}  // namespace cardseg::faults
