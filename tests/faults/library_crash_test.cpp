// The HDF5 library crashes on one of three ranks, at its first calls and later ones: one message, 65 from all ranks,
// nothing half written. Nobody knows files that do that to a current version; a preloaded library does it.
#include <gmock/gmock.h>

#include <csignal>
#include <cstdlib>

#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
using testing::HasSubstr;

class LibraryCrash : public Faults {
 protected:
  void TearDown() override {
    for (const char* name : {"LD_PRELOAD", "CARDSEG_FAULT", "CARDSEG_FAULT_BELOW", "CARDSEG_FAULT_MARK"})
      ::unsetenv(name);
  }

  // On the last of `ranks`, at this call.
  support::Outcome crash(const std::string& arguments, int ranks, int call, int signal) const {
    ::setenv("LD_PRELOAD", CARDSEG_FAIL_SHIM, 1);
    const std::string rank = std::to_string(ranks > 0 ? ranks - 1 : 0);
    ::setenv("CARDSEG_FAULT", (rank + ":hdf5:" + std::to_string(call) + ":" + std::to_string(signal)).c_str(), 1);
    ::setenv("CARDSEG_FAULT_MARK", at("mark").c_str(), 1);
    support::Outcome outcome = support::run_cardseg(arguments, {.ranks = ranks, .seconds = 60});
    ::unsetenv("LD_PRELOAD");
    return outcome;
  }
};

TEST_F(LibraryCrash, EndsEveryRankWithOneMessage) {
  const std::string arguments = "fit --quiet --segments 3 --shards " + make_portfolio(3) + " --output " + output();
  for (const int ranks : {0, 3})
    for (const int call : {1, 2, 4, 9, 14})
      for (const int signal : {SIGSEGV, SIGABRT}) {
        if (signal == SIGABRT && call != 4) continue;
        SCOPED_TRACE(testing::Message() << ranks << " ranks, call " << call << ", signal " << signal);

        const support::Outcome outcome = crash(arguments, ranks, call, signal);

        EXPECT_EQ(outcome.exit_code, static_cast<int>(ExitCode::bad_data)) << outcome.err;
        EXPECT_EQ(count(outcome.err, "cardseg: error: "), 1) << outcome.err;
        EXPECT_THAT(outcome.err, HasSubstr("is damaged: the HDF5 library crashed (signal " + std::to_string(signal)));
        EXPECT_THAT(outcome.err, HasSubstr(".h5"));
        expect_nothing_half_written(output());
      }
}

TEST_F(LibraryCrash, NamesTheColumn) {
  const std::string arguments = "validate --quiet --shards " + make_portfolio(1);

  const support::Outcome outcome = crash(arguments, 0, 4, SIGBUS);

  EXPECT_THAT(outcome.err, HasSubstr("a.h5"));
  EXPECT_THAT(outcome.err, HasSubstr("column "));
}

}  // namespace
}  // namespace cardseg::faults
