#include "cardseg/core/name_list.hpp"

#include <gmock/gmock.h>

namespace cardseg::core {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(NameList, IsSplitAtCommasWithoutBlanks) {
  EXPECT_THAT(split_names("a,b"), ElementsAre("a", "b"));
  EXPECT_THAT(split_names(" a , late payments\t,,b,"), ElementsAre("a", "late payments", "b"));
  EXPECT_THAT(split_names(""), IsEmpty());
  EXPECT_THAT(split_names(" , "), IsEmpty());
}

TEST(NameList, IsJoinedAsItIsSplit) {
  EXPECT_EQ(join_names({}), "");
  EXPECT_EQ(join_names({"a", "late payments"}), "a,late payments");
  EXPECT_THAT(split_names(join_names({"a", "late payments"})), ElementsAre("a", "late payments"));
}

TEST(NameList, OfAChoiceEndsWithOr) {
  EXPECT_EQ(any_of({}), "");
  EXPECT_EQ(any_of({"a"}), "a");
  EXPECT_EQ(any_of({"a", "b"}), "a or b");
  EXPECT_EQ(all_of({"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(any_of({"a", "b", "c"}), "a, b or c");
}

TEST(NameList, ReadsNamesInQuotes) {
  EXPECT_THAT(split_names(R"("spend, online", "#cards",plain)"), ElementsAre("spend, online", "#cards", "plain"));
  EXPECT_THAT(split_names(R"(" a ", "say ""x""", "")"), ElementsAre(" a ", R"(say "x")"));
}

TEST(NameList, TakesOtherQuotesAsPartsOfNames) {
  EXPECT_THAT(split_names(R"(5" card, "open, x)"), ElementsAre(R"(5" card)", R"("open)", "x"));
}

TEST(NameList, IsReadBackWhateverIsInTheNames) {
  const std::vector<std::string> names = {"plain", "spend, online", "#cards", " a", R"("b" c)", "d\"", "two words"};

  EXPECT_EQ(split_names(join_names(names)), names);
  EXPECT_EQ(join_names({"plain", "two words", "a, b"}), R"(plain,two words,"a, b")");
}

TEST(NameList, TakesTheQuotesFromOneName) {
  EXPECT_EQ(unquoted(R"(  "#card"  )"), "#card");
  EXPECT_EQ(unquoted(" two, words "), "two, words");
  EXPECT_EQ(unquoted(R"("a" and "b")"), R"("a" and "b")");
}

}  // namespace cardseg::core
