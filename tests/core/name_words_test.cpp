#include "cardseg/core/name_words.hpp"

#include <gmock/gmock.h>

namespace cardseg::core {

using testing::ElementsAre;

TEST(NameWords, AreDividedByMarksAndCapitals) {
  EXPECT_THAT(name_words("marital_status"), ElementsAre("marital", "status"));
  EXPECT_THAT(name_words("MaritalStatus"), ElementsAre("marital", "status"));
  EXPECT_THAT(name_words("home.ZIP code"), ElementsAre("home", "zip", "code"));
  EXPECT_THAT(name_words("Nationalität"), ElementsAre("nationalität"));
  EXPECT_THAT(name_words("a__b"), ElementsAre("a", "", "b"));
  EXPECT_THAT(name_words(""), ElementsAre(""));
}

}  // namespace cardseg::core
