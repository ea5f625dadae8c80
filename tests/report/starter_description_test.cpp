#include "cardseg/report/starter_description.hpp"

#include <gmock/gmock.h>

namespace cardseg::report {
namespace {

using portfolio::ColumnPortrait;
using portfolio::Family;
using portfolio::Kind;
using portfolio::Role;
using portfolio::Transform;
using testing::HasSubstr;

ColumnPortrait number(const std::string& name) {
  ColumnPortrait portrait;
  portrait.column.name = name;
  portrait.column.role = Role::feature;
  portrait.column.kind = Kind::number;
  portrait.present = 90;
  portrait.missing = 10;
  portrait.range = {0, 5000};
  portrait.median = 40;
  portrait.low_tail = 40;
  portrait.high_tail = 900;
  return portrait;
}

}  // namespace

TEST(StarterDescription, GuessesFamiliesByTheWordsOfNames) {
  EXPECT_EQ(guessed_family("balance"), Family::behavioural);
  EXPECT_EQ(guessed_family("TotalSpendTravel"), Family::behavioural);
  EXPECT_EQ(guessed_family("age"), Family::demographic);
  EXPECT_EQ(guessed_family("average_ticket"), Family::none);
  EXPECT_EQ(guessed_family("home.city"), Family::demographic);
  EXPECT_EQ(guessed_family("city"), Family::geographic);
  EXPECT_EQ(guessed_family("satisfaction_score"), Family::psychographic);
  EXPECT_EQ(guessed_family("x7"), Family::none);
}

TEST(StarterDescription, GuessesTransformsByTails) {
  ColumnPortrait column = number("balance");
  EXPECT_EQ(guessed_transform(column), Transform::log1p);
  column.has_negatives = true;
  EXPECT_EQ(guessed_transform(column), Transform::signed_log);
  column.low_tail = 300;
  EXPECT_EQ(guessed_transform(column), Transform::none);
  ColumnPortrait share = number("utilisation");
  share.high_tail = 0.9;
  share.low_tail = 0.01;
  EXPECT_EQ(guessed_transform(share), Transform::none);
}

TEST(StarterDescription, SaysWhatEachColumnIsAndWhy) {
  ColumnPortrait id;
  id.column.name = "customer_id";
  id.column.role = Role::id;
  ColumnPortrait gender;
  gender.column.name = "gender";
  gender.column.role = Role::profile;
  gender.column.reason = "named like a protected attribute";
  ColumnPortrait pdays = number("pdays, \"all\"");
  pdays.odd = portfolio::OddValue{999, 80};
  ColumnPortrait region;
  region.column.name = "region";
  region.column.role = Role::feature;
  region.column.kind = Kind::category;
  region.column.levels.known = {{"north, far", 60, 0}, {"line\nbreak", 40, 1}};
  const std::string text = starter_description({id, gender, pdays, region, number("annual_revenue")}, 100);

  EXPECT_THAT(text, HasSubstr("of 100 customers"));
  EXPECT_THAT(text, HasSubstr("[portfolio]\nid = customer_id\n# value = annual_revenue   # what"));
  EXPECT_THAT(text, HasSubstr("exclude = gender\n# left out, unless a section describes them:\n"
                              "#   gender: named like a protected attribute\n"));
  EXPECT_THAT(text, HasSubstr("[column.\"pdays, \"\"all\"\"\"]\n# 0 to 5,000, median about 40, 10 % missing\n"));
  EXPECT_THAT(text, HasSubstr("missing_codes = 999   # guess: 80 customers have it, far from all others\n"
                              "# most customers have no other value: is it a feature at all?\n"));
  EXPECT_THAT(text, HasSubstr("# 2 levels, the most frequent first: \"north, far\", line"));
  EXPECT_THAT(text, testing::Not(HasSubstr("line\nbreak")));
  EXPECT_THAT(text, HasSubstr("transform = log1p   # guess: a long tail\n"));
}

}  // namespace cardseg::report
