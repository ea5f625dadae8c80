// Peak memory of a fit: 4 d + 32 bytes a customer and 100 MB a rank, as the program and the operating system measure
// it.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/program.hpp"
#include "support/temporary_directory.hpp"

namespace cardseg::endtoend {
namespace {

// The largest process that any command of this test has run so far.
std::int64_t largest_child_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace

TEST(Memory, StaysWithinTheLimitForAGeneratedPortfolio) {
  const std::int64_t customers = support::is_campaign() ? 10'000'000 : 2'000'000;
  constexpr std::int64_t features = 20;
  const support::TemporaryDirectory scratch;
  const std::string made = (scratch / "portfolio").string();
  ASSERT_EQ(
      support::run_cardseg("generate --extra-features 2 --customers " + std::to_string(customers) + " --output " + made,
                           {.ranks = 2, .seconds = 600})
          .exit_code,
      0);

  for (int ranks : {2, 1}) {  // the larger process last: children's maximum only grows
    const auto run = scratch / ("run" + std::to_string(ranks));
    const auto done =
        support::run_cardseg("fit --shards " + made + "/shards --description " + made +
                                 "/description.ini --restarts 1 --max-iterations 5 --output " + run.string(),
                             {.ranks = ranks, .seconds = 900});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    const auto model = nlohmann::json::parse(std::ifstream(run / "model.json"));
    ASSERT_EQ(static_cast<std::int64_t>(model["features"].size()), features);
    const auto memory = nlohmann::json::parse(std::ifstream(run / "run.json"))["peak_memory_bytes"];

    const std::int64_t limit = customers * (4 * features + 32) + ranks * 100'000'000;
    EXPECT_LE(memory["all_ranks"].get<std::int64_t>(), limit);
    EXPECT_LE(largest_child_bytes(), limit / ranks);
    RecordProperty("all_ranks_" + std::to_string(ranks), memory["all_ranks"].dump());
  }
}

}  // namespace cardseg::endtoend
