// A generated portfolio with separated segments: they are found again.
#include <gtest/gtest.h>

#include "support/program.hpp"
#include "support/temporary_directory.hpp"

namespace cardseg::endtoend {

TEST(Recovery, FindsTheTrueSegmentsInTenRestarts) {
  const support::TemporaryDirectory scratch;
  for (int segments : {5, 8}) {
    const std::string k = std::to_string(segments);
    const std::string made = (scratch / ("portfolio" + k)).string();
    const std::string run = (scratch / ("run" + k)).string();
    ASSERT_EQ(support::run_cardseg("generate --customers 40000 --separation 3 --segments " + k + " --output " + made)
                  .exit_code,
              0);
    const auto done = support::run_cardseg("fit --restarts 10 --shards " + made + "/shards --description " + made +
                                               "/description.ini --segments " + k + " --output " + run,
                                           {.ranks = 2});
    ASSERT_EQ(done.exit_code, 0) << done.err;

    const double found = support::adjusted_rand_index(support::read_column(run + "/labels", "segment"),
                                                      support::read_column(made + "/truth", "segment"));
    RecordProperty("adjusted_rand_" + k, std::to_string(found));
    EXPECT_GT(found, 0.9999);
  }
}

}  // namespace cardseg::endtoend
