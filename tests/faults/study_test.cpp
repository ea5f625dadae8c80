// Studies of the number of segments that cannot be: wrong lists, too few customers, places that are taken.
#include <gmock/gmock.h>

#include "cardseg/io/atomic_file.hpp"
#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
using testing::HasSubstr;
using testing::Not;

class Study : public Faults {
 protected:
  void expect_study_refused(const std::string& options, ExitCode code, const std::vector<std::string>& words) const {
    expect_refused("study --shards " + at("shards") + " --output " + output() + " " + options, code, words);
  }
};

}  // namespace

TEST_F(Study, NeedsAListOfNumbersOfSegments) {
  make_portfolio();
  const auto refused = [&](const std::string& list, const std::string& reason) {
    expect_study_refused("--segments " + list, ExitCode::usage, {"--segments cannot hold", reason, "2,4,8..10"});
  };

  refused("12..2", "the range runs backwards");
  refused("0..3", "0 is not from 1 to 1000");
  refused("2..abc", "not a whole number");
  refused("2..5000", "5000 is not from 1 to 1000");
  refused("2,,5", "a number is missing");
}

TEST_F(Study, NeedsOptionsInTheirRanges) {
  make_portfolio();

  expect_study_refused("--restarts 0", ExitCode::usage, {"--restarts cannot be 0", "1 to 10000"});
  expect_study_refused("--silhouette-sample -5", ExitCode::usage, {"--silhouette-sample cannot be -5", "0 to 100000"});
  expect_study_refused("--seeding file", ExitCode::usage, {"--seeding cannot be file", "k-means++"});
  expect_study_refused("--centroids x.csv", ExitCode::usage, {"unknown option '--centroids'"});
}

TEST_F(Study, TestsStabilityAsFarAsThereAreCustomers) {
  make_portfolio();
  const std::string fit = " --shards " + at("shards") + " --output " + at("run") + " --overwrite ";

  EXPECT_THAT(support::run_cardseg("fit --segments 1" + fit).err, HasSubstr("one segment has no border"));
  EXPECT_THAT(support::run_cardseg("fit --segments 2" + fit).err,
              HasSubstr("stability is not tested: resamples hold fewer than 50 customers of every segment"));
  EXPECT_THAT(support::run_cardseg("fit --segments 2 --trust off" + fit).err, Not(HasSubstr("stability")));
  expect_study_refused("--trust sometimes", ExitCode::usage, {"--trust", "sometimes", "off, fast or full"});
}

TEST_F(Study, IsFollowedByAFitThatNamesIt) {
  make_portfolio();
  write_text(at("other.json"), "{}");
  const std::string fit = "fit --segments 2 --shards " + at("shards") + " --output " + output() + " --study ";

  expect_refused(fit + at("nowhere"), ExitCode::input_missing, {at("nowhere")});
  expect_refused(fit + at("other.json"), ExitCode::bad_data, {"other.json", "not what cardseg study writes"});
  ASSERT_EQ(
      support::run_cardseg("study --segments 2..3 --shards " + at("shards") + " --output " + at("study")).exit_code, 0);
  ASSERT_EQ(support::run_cardseg(fit + at("study")).exit_code, 0);
  EXPECT_THAT(io::read_file(output() + "/report.html"), HasSubstr("The study that this fit follows did not test"));
}

TEST_F(Study, NeedsAsManyDistinctCustomersAsTheMostSegments) {
  Columns few = customers(3);
  for (int i = 1; i <= 4; ++i) {  // the same three customers again, under other ids
    Columns again = customers(3);
    std::get<std::vector<std::int64_t>>(column(again, "customer_id").values) = {
        4711000000 + 10 * i, 4711000001 + 10 * i, 4711000002 + 10 * i};
    write_shard(at("shards/" + std::to_string(i) + ".h5"), again);
  }
  write_shard(at("shards/0.h5"), few);

  expect_study_refused("--segments 2..4", ExitCode::bad_data,
                       {"4 segments were asked for", "only 3 of 15 customers differ", "--segments 3 or fewer"});
  EXPECT_EQ(support::run_cardseg("study --segments 2..3 --shards " + at("shards") + " --output " + output()).exit_code,
            0);
}

TEST_F(Study, DoesNotTouchARunThatIsThere) {
  make_portfolio();
  const std::string study = "study --segments 2..3 --shards " + at("shards") + " --output " + at("run");
  ASSERT_EQ(support::run_cardseg(study).exit_code, 0);
  const auto before = support::digests(at("run"));

  expect_refused(study, ExitCode::cannot_create, {at("run"), "already holds a run", "--overwrite"});
  expect_refused(study + " --overwrite --segments 41", ExitCode::usage, {"--segments", "more than once"});
  EXPECT_NE(
      support::run_cardseg("study --overwrite --segments 2..41 --shards " + at("shards") + " --output " + at("run"))
          .exit_code,
      0);

  EXPECT_EQ(support::digests(at("run")), before);
}

TEST_F(Study, LeavesNothingOfAnOlderAndLargerStudy) {
  make_portfolio();
  const std::string study = "study --shards " + at("shards") + " --output " + at("run") + " --overwrite --segments ";
  ASSERT_EQ(support::run_cardseg(study + "2..4").exit_code, 0);
  ASSERT_EQ(support::run_cardseg(study + "3").exit_code, 0);

  EXPECT_FALSE(std::filesystem::exists(at("run/models/k04")));
  EXPECT_FALSE(std::filesystem::exists(at("run/labels")));
  EXPECT_EQ(support::run_cardseg("verify " + at("run")).exit_code, 0);
}

TEST_F(Study, OfOneSegmentSaysThatThereIsNothingToCompare) {
  make_portfolio();

  const auto done = expect_done("study --segments 1 --shards " + at("shards") + " --output " + output());

  EXPECT_THAT(done.out, testing::HasSubstr("nothing to be compared with"));
  EXPECT_THAT(done.out, testing::Not(testing::HasSubstr("nan")));
}

}  // namespace cardseg::faults
