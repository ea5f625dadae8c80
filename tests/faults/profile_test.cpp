// Profiles of shards by runs that do not fit them, and what a profile says where they do.
#include <gmock/gmock.h>

#include "cardseg/io/atomic_file.hpp"
#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;

class ProfileRuns : public Faults {
 protected:
  void SetUp() override {
    shards_ = make_portfolio();
    const support::Outcome fitted =
        support::run_cardseg("fit --segments 3 --shards " + shards_ + " --output " + at("run"));
    ASSERT_EQ(fitted.exit_code, 0) << fitted.err;
  }
  std::string profile(const std::string& run, const std::string& shards, const std::string& more = "") const {
    return "profile " + at(run) + " " + shards + " --output " + output() + " --overwrite " + more;
  }
  std::string text(const std::string& name) const { return io::read_file(at(name)); }

  std::string shards_;
};

TEST_F(ProfileRuns, AreThatOfTheFitByLabelsAndByTheModel) {
  expect_done(profile("run", shards_));
  EXPECT_EQ(text("out/profile.csv"), text("run/profile.csv"));
  EXPECT_EQ(text("out/profile.json"), text("run/profile.json"));

  expect_done(profile("run/model.json", shards_));
  EXPECT_EQ(text("out/profile.csv"), text("run/profile.csv"));
  EXPECT_EQ(support::run_cardseg("verify " + output()).exit_code, 0);
}

TEST_F(ProfileRuns, RefuseOtherShardsAndOtherCustomers) {
  write_shard(at("fewer/a.h5"), customers(20));
  expect_refused(profile("run", at("fewer")), ExitCode::bad_data, {"labels are not of these shards", "assign"});

  Columns others = customers(20);
  std::get<std::vector<std::int64_t>>(column(others, "customer_id").values)[7] += 1'000'000;
  write_shard(at("others/a.h5"), others);
  write_shard(at("others/b.h5"), customers(20, 20));
  expect_refused(profile("run", at("others")), ExitCode::bad_data,
                 {"a.h5, column customer_id, row 8", "another customer"});
}

TEST_F(ProfileRuns, RefuseWhatIsNoRunAndToReplaceTheRunItself) {
  expect_refused(profile("shards", shards_), ExitCode::bad_data, {"the run is incomplete: it has no manifest.json"});
  expect_refused(profile("nowhere", shards_), ExitCode::input_missing, {"nowhere"});
  expect_refused("profile --shards " + shards_ + " --output " + output(), ExitCode::usage, {"--run is missing"});
  const support::Outcome replaced =
      support::run_cardseg("profile " + at("run") + " " + shards_ + " --overwrite --output " + at("run"));
  EXPECT_EQ(replaced.exit_code, static_cast<int>(ExitCode::cannot_create)) << replaced.err;
  EXPECT_EQ(support::run_cardseg("verify " + at("run")).exit_code, 0);
}

}  // namespace
}  // namespace cardseg::faults
