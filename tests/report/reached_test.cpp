#include "cardseg/report/reached.hpp"

#include <gtest/gtest.h>

namespace cardseg::report {
namespace {

std::string text_of(int restarts, std::optional<int> reached, int refitted_from = 0) {
  segments::FitRecord fit;
  fit.restarts = restarts;
  fit.reached = reached;
  fit.refitted_from = refitted_from;
  return reached_text(fit);
}

}  // namespace

TEST(ReachedText, CountsRestartsAndNamesMovesWhereThoseAloneCameThere) {
  EXPECT_EQ(text_of(4, 3), "3 of 4 restarts came to it, within 0.01 %");
  EXPECT_EQ(text_of(4, 4), "all 4 restarts came to it, within 0.01 %");
  EXPECT_EQ(text_of(4, 0), "moves between segments found it; none of 4 restarts came within 0.01 % of it");
  EXPECT_EQ(text_of(1, 0), "moves between segments found it");
  EXPECT_EQ(text_of(4, 0, 7), "found from 7 segments of the same study; none of 4 restarts came within 0.01 % of it");
}

TEST(ReachedText, IsEmptyWhereThereIsNothingToSay) {
  EXPECT_EQ(text_of(1, 1), "");
  EXPECT_EQ(text_of(4, std::nullopt), "");
}

}  // namespace cardseg::report
