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
  EXPECT_EQ(any_of({"a", "b", "c"}), "a, b or c");
}

}  // namespace cardseg::core
