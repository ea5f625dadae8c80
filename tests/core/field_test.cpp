#include "cardseg/core/field.hpp"

#include <gtest/gtest.h>

#include "cardseg/core/error.hpp"

namespace cardseg::core {

TEST(Field, IsShownWithAPrefixOrWithout) {
  const std::string text = "Check " + field("shards") + ", or leave --other out";

  EXPECT_EQ(with_fields(text, "--"), "Check --shards, or leave --other out");
  EXPECT_EQ(with_fields(text, ""), "Check shards, or leave --other out");
}

TEST(Field, OfAnErrorTravelsBetweenRanks) {
  Error error(ExitCode::usage, field("id") + " is missing");
  error.remedy("See " + field("columns"));

  const Error arrived = Error::unpacked(error.packed());

  EXPECT_STREQ(arrived.what(), "id is missing. See columns");
  EXPECT_EQ(with_fields(arrived.text(), "--"), "--id is missing. See --columns");
}

}  // namespace cardseg::core
