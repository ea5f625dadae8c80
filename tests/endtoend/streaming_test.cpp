// Portfolios that are larger than the memory they are given: the same bytes, within the limit, and nothing left behind.
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/program.hpp"
#include "support/temporary_directory.hpp"

namespace cardseg::endtoend {
namespace {

namespace fs = std::filesystem;

using support::run_cardseg;
using testing::HasSubstr;

constexpr std::int64_t megabyte = std::int64_t{1} << 20;

// 2,000,000 customers and 20 features: 160 MB of features, which a rank's program of about 30 MB and 32 bytes a
// customer leave no room for in these limits.
class Streaming : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    scratch_ = std::make_unique<support::TemporaryDirectory>();
    ASSERT_EQ(run_cardseg("generate --extra-features 2 --customers 2000000 --output " + at("portfolio"),
                          {.ranks = 2, .seconds = 600})
                  .exit_code,
              0);
    fs::create_directory(at("scratch"));
  }
  static void TearDownTestSuite() { scratch_.reset(); }

  static std::string at(const std::string& name) { return (*scratch_ / name).string(); }
  static std::string input() {
    return " --shards " + at("portfolio/shards") + " --description " + at("portfolio/description.ini") + " ";
  }
  static support::Outcome run(const std::string& arguments, int ranks, int threads = 1) {
    support::Outcome done = run_cardseg(arguments, {.ranks = ranks, .threads = threads, .seconds = 900});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return done;
  }
  // Every file but run.json.
  static std::map<std::string, std::string> results(const std::string& directory) {
    auto digests = support::digests(at(directory));
    digests.erase("run.json");
    return digests;
  }
  static nlohmann::json record(const std::string& directory) {
    return nlohmann::json::parse(std::ifstream(at(directory) + "/run.json"));
  }
  // Expects that a run in `directory` was streamed within its limit and left no scratch file.
  static void expect_streamed(const std::string& directory, std::int64_t limit) {
    const nlohmann::json facts = record(directory);
    EXPECT_EQ(facts["features"]["kept"], "scratch");
    EXPECT_GE(facts["features"]["bytes_a_pass"].get<std::int64_t>(), std::int64_t{2'000'000} * 20 * 4);
    EXPECT_LE(facts["planned_memory_bytes"]["largest_rank"].get<std::int64_t>() * facts["ranks"].get<int>(), limit);
    EXPECT_LE(facts["peak_memory_bytes"]["all_ranks"].get<std::int64_t>(), limit);
    EXPECT_TRUE(fs::is_empty(at("scratch")));
  }

 private:
  static inline std::unique_ptr<support::TemporaryDirectory> scratch_;
};

}  // namespace

TEST_F(Streaming, GivesTheBytesOfAFitInMemoryWithinItsLimit) {
  const std::string fit = "fit --restarts 2 --max-iterations 4 --segments 8" + input();
  run(fit + "--output " + at("kept"), 1);
  ASSERT_EQ(record("kept")["features"]["kept"], "in memory");
  const auto expected = results("kept");
  for (int ranks : {1, 2, 3}) {
    const std::int64_t megabytes = 130 + 45 * ranks;
    const std::string options = "--scratch " + at("scratch") + " --memory-limit " + std::to_string(megabytes) + "M ";

    const support::Outcome done =
        run(fit + options + "--overwrite --output " + at("streamed"), ranks, ranks == 1 ? 2 : 1);

    EXPECT_EQ(results("streamed"), expected) << ranks;
    expect_streamed("streamed", megabytes * megabyte);
    EXPECT_THAT(done.out, HasSubstr("features streamed from scratch, 160 MB a pass"));
  }
}

// Exact pruning changes the order of customers in the scratch file, and puts them back.
TEST_F(Streaming, GivesTheSameBytesWithPruning) {
  const std::string fit = "fit --restarts 1 --max-iterations 6 --segments 8 --algorithm hamerly" + input();

  run(fit + "--output " + at("kept-pruned"), 1);
  run(fit + "--output " + at("streamed-pruned") + " --memory-limit 200M --scratch " + at("scratch"), 1);

  EXPECT_EQ(results("streamed-pruned"), results("kept-pruned"));
  expect_streamed("streamed-pruned", 200 * megabyte);
}

TEST_F(Streaming, GivesTheBytesOfAStudyInMemoryWithinItsLimit) {
  const std::string study = "study --restarts 2 --max-iterations 3 --segments 2,5 --silhouette-sample 1000" + input();

  run(study + "--output " + at("kept-study"), 1);
  run(study + "--output " + at("streamed-study") + " --memory-limit 230M --scratch " + at("scratch"), 2);

  EXPECT_EQ(results("streamed-study"), results("kept-study"));
  expect_streamed("streamed-study", 230 * megabyte);
}

TEST_F(Streaming, IsForetoldByValidate) {
  const std::string validate = "validate" + input();

  EXPECT_THAT(run(validate, 1).out, HasSubstr("keeps its features in memory"));
  EXPECT_THAT(run(validate + "--memory-limit 200M", 1).out,
              HasSubstr("keeps its features streamed from scratch, 160 MB a pass"));
}

TEST_F(Streaming, FollowsWhatSlurmGave) {
  const std::string validate = "validate" + input();
  const auto validated_under = [&](const char* megabytes) {
    ::setenv("SLURM_MEM_PER_NODE", megabytes, 1);
    const support::Outcome done = run(validate, 0);
    ::unsetenv("SLURM_MEM_PER_NODE");
    return done;
  };

  EXPECT_THAT(validated_under("1000").out, HasSubstr("keeps its features in memory"));
  EXPECT_THAT(validated_under("200").out, HasSubstr("keeps its features streamed from scratch"));
  const support::Outcome too_little = validated_under("50");
  EXPECT_THAT(too_little.err, HasSubstr("SLURM_MEM_PER_NODE leaves 50M"));
  EXPECT_THAT(too_little.out, HasSubstr("streamed from scratch"));
}

}  // namespace cardseg::endtoend
