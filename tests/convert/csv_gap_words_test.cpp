#include "convert/csv_gap_words.hpp"

#include <gtest/gtest.h>

namespace cardseg::convert {

TEST(CsvGapWords, AreTheUsualOnesInAnyCase) {
  const GapWords gaps({}, "balance");

  for (const char* gap :
       {"", "NA", "na", "n/a", "N/A", "#N/A", "-", ".", "?", "\\N", "null", "NULL", "None", "nan", "NaN"})
    EXPECT_TRUE(gaps.contains(gap)) << gap;
  for (const char* value : {"N", "-1", "..", "0", "naan", "no", ".5", "nan(1)", "999"})
    EXPECT_FALSE(gaps.contains(value)) << value;
}

TEST(CsvGapWords, AreAlsoThoseGivenForEveryColumnOrForThisOne) {
  const std::vector<GapWord> given = {{"", "k.A."}, {"pdays", "999"}, {"balance", "-1"}};
  const GapWords gaps(given, "balance");

  EXPECT_EQ(gaps.find("k.A."), 0);
  EXPECT_EQ(gaps.find("-1"), 2);
  EXPECT_EQ(gaps.find("NA"), GapWords::usual);
  for (const char* value : {"999", "K.A.", "-1.0"}) EXPECT_EQ(gaps.find(value), GapWords::no_gap) << value;
}

}  // namespace cardseg::convert
