#include "cardseg/transactions/score_cuts.hpp"

#include <gmock/gmock.h>

#include "support/thrown_error.hpp"

namespace cardseg::transactions {
namespace {

const ScoreCuts sample{{10, 20, 30, 40}, {1, 1, 2, 5}, {0, 1234, 500000, 123456789012}};

TEST(Score, PutsAValueOnACutIntoTheLowerInterval) {
  EXPECT_EQ(score(-5, sample.recency_days), 1);
  EXPECT_EQ(score(10, sample.recency_days), 1);
  EXPECT_EQ(score(11, sample.recency_days), 2);
  EXPECT_EQ(score(40, sample.recency_days), 4);
  EXPECT_EQ(score(41, sample.recency_days), 5);
}

TEST(Score, LeavesScoresEmptyWhereCutsAreEqual) {
  EXPECT_EQ(score(1, sample.purchases), 1);
  EXPECT_EQ(score(2, sample.purchases), 3);
}

TEST(Cuts, ComeBackFromTheirFile) {
  for (const int minor_units : {0, 2, 3})
    EXPECT_EQ(cuts_from_json(cuts_json(sample, minor_units, "2026-09-30", "12m"), minor_units), sample);
}

TEST(Cuts, OfFewerDecimalsAreRead) { EXPECT_EQ(cuts_from_json(cuts_json(sample, 0, "", ""), 2).amount_sum[1], 123400); }

TEST(Cuts, ThatCannotBeUsedAreRefused) {
  const std::string good = cuts_json(sample, 2, "", "");
  const auto expect_refused = [](const std::string& text, const std::string& words) {
    const core::Error error = support::error_of([&] { cuts_from_json(text, 2); });
    EXPECT_EQ(error.code(), core::ExitCode::bad_data);
    EXPECT_THAT(error.what(), testing::HasSubstr(words));
  };
  expect_refused("", "no cut points");
  expect_refused("{}", "no cut points");
  expect_refused(std::string(good).replace(good.find("12.34"), 5, "12.345"), "no number of 2 decimals");
  expect_refused(std::string(good).replace(good.find("10,"), 3, "99,"), "not in ascending order");
}

}  // namespace
}  // namespace cardseg::transactions
