// A scaling study from outside: the same bytes on all numbers of ranks, files that other programs read, what is
// refused.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "cardseg/io/atomic_file.hpp"
#include "support/program.hpp"
#include "support/temporary_directory.hpp"

namespace cardseg::endtoend {
namespace {

using nlohmann::json;
using support::run_cardseg;
using testing::HasSubstr;

class Scaling : public testing::Test {
 protected:
  std::string at(const std::string& name) const { return (scratch_ / name).string(); }

  json measure(const std::string& options, int ranks) const {
    const auto done =
        run_cardseg("scaling --overwrite --repeat 2 --iterations 5 --segments 4 --output " + at("out") + " " + options,
                    {.ranks = ranks});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    return json::parse(std::ifstream(at("out/scaling.json")));
  }
  void expect_refused(const std::string& options, int exit_code, const std::string& words, int ranks = 0) const {
    const auto refused =
        run_cardseg("scaling --customers 100 --output " + at("refused") + " " + options, {.ranks = ranks});
    EXPECT_EQ(refused.exit_code, exit_code) << options << "\n" << refused.err;
    EXPECT_THAT(refused.err, HasSubstr(words)) << options;
  }
  void make_portfolio() const {
    ASSERT_EQ(run_cardseg("generate --customers 3000 --rows-per-shard 1000 --output " + at("made")).exit_code, 0);
  }

 private:
  support::TemporaryDirectory scratch_;
};

std::set<std::string> digests_of(const json& study) {
  std::set<std::string> digests;
  for (const json& point : study["points"]) digests.insert(point["sha256"]);
  return digests;
}

}  // namespace

TEST_F(Scaling, FindsTheSameBytesOnAnyNumberOfRanksThreadsAndWithAnyAlgorithm) {
  const std::string customers = "--customers 3001 --features 7 ";

  const std::set<std::string> five = digests_of(measure(customers + "--ranks 1,2,3,5", 5));
  const std::set<std::string> alone = digests_of(measure(customers + "--threads 3", 0));
  const std::set<std::string> pruned = digests_of(measure(customers + "--algorithm yinyang", 2));

  EXPECT_EQ(five.size(), 1U);
  EXPECT_EQ(alone, five);
  EXPECT_EQ(pruned, five);
}

TEST_F(Scaling, GrowsWithTheRanksWhereItIsWeak) {
  const json study = measure("--kind weak --customers 500 --features 3", 3);

  ASSERT_EQ(study["points"].size(), 3U);
  EXPECT_EQ(study["points"][2]["customers"], 1500);
  EXPECT_EQ(digests_of(study).size(), 3U);  // of other customers
}

TEST_F(Scaling, MeasuresShardsInBothPrecisions) {
  make_portfolio();
  const std::string shards = "--shards " + at("made/shards") + " --description " + at("made/description.ini") + " ";

  EXPECT_EQ(digests_of(measure(shards, 3)).size(), 1U);
  EXPECT_EQ(digests_of(measure(shards + "--precision double", 2)).size(), 1U);
}

TEST_F(Scaling, SaysWhereRanksShareCores) {
  const auto done = run_cardseg(
      "scaling --customers 1000 --repeat 1 --iterations 2 --ranks 1 --threads 64 --output " + at("out"), {.ranks = 1});

  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.err, testing::ContainsRegex("1 rank with 64 threads on [0-9]+ cores?: this shows correctness"));
  EXPECT_THAT(done.err, HasSubstr("its forecast says nothing about a cluster"));
}

TEST_F(Scaling, DrawsAPictureThatIsXml) {
  measure("--customers 1000", 2);

  const auto parsed = support::run_shell("python3 -c \"import sys, xml.dom.minidom as m; m.parse(sys.argv[1])\" " +
                                         at("out/scaling.svg"));

  EXPECT_EQ(parsed.exit_code, 0) << parsed.err;
}

TEST_F(Scaling, RefusesWhatCannotBeMeasured) {
  make_portfolio();

  expect_refused("--ranks 1,4", 64, "--ranks holds 4, but 2 ranks were started", 2);
  expect_refused("--ranks 0,1", 64, "--ranks cannot hold 0");
  expect_refused("--ranks 1,1", 64, "--ranks holds 1 twice");
  expect_refused("--ranks one", 64, "--ranks cannot be");
  expect_refused("--kind sideways", 64, "It is strong or weak");
  expect_refused("--kind weak --shards " + at("made/shards"), 64, "--kind weak needs customers that grow");
  expect_refused("--shards " + at("made/shards"), 64, "--customers and --features are for generated customers");
  expect_refused("--repeat 0", 64, "--repeat cannot be 0");
  expect_refused("--iterations 0", 64, "--iterations cannot be 0");
  expect_refused("--features -1", 64, "--features cannot be -1");
  expect_refused("--segments 0", 64, "--segments cannot be 0");
  expect_refused("--algorithm magic", 64, "--algorithm cannot be 'magic'");
  expect_refused("--segments 101", 65, "101 segments were asked for", 2);
}

TEST_F(Scaling, RefusesRanksWithoutCustomers) {
  const auto refused = run_cardseg("scaling --customers 2 --segments 1 --output " + at("out"), {.ranks = 3});

  EXPECT_EQ(refused.exit_code, 64) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("--ranks holds 3, but there are 2 customers"));
}

TEST_F(Scaling, ReplacesAnEarlierStudyOnlyWhenAsked) {
  measure("--customers 1000", 1);
  const std::string before = io::read_file(at("out/scaling.json"));

  const auto refused = run_cardseg("scaling --customers 1000 --output " + at("out"));

  EXPECT_EQ(refused.exit_code, 73) << refused.err;
  EXPECT_EQ(io::read_file(at("out/scaling.json")), before);
}

}  // namespace cardseg::endtoend
