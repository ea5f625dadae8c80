#include "cardseg/profile/profile_tables.hpp"

#include <gmock/gmock.h>

namespace cardseg::profile {
namespace {

using testing::HasSubstr;

// One segment and the whole, a column of levels of which a count is withheld.
Profile small_profile() {
  Profile profile;
  profile.segments = 1;
  profile.customers = {{5}, {3}};
  profile.mass = {{5.0}, {3.0}};
  ColumnProfile& plan = profile.columns.emplace_back();
  plan.column.name = "plan, old";
  plan.column.kind = portfolio::Kind::category;
  plan.levels = {"gold"};
  plan.categories.resize(2);
  for (CategoryProfile& group : plan.categories) group.levels = {{{2}, {0.5}, {100.0}}};
  plan.categories[1].levels[0].customers = {0, true};
  plan.separation = {0.25};
  return profile;
}

}  // namespace

TEST(ProfileTables, HaveALineForEachFigure) {
  EXPECT_EQ(profile_csv(small_profile()),
            "segment,column,level,statistic,value\n"
            "0,,,customers,5\n0,,,mass,5\n"
            "0,\"plan, old\",,customers,0\n0,\"plan, old\",,missing,0\n0,\"plan, old\",,imputed,0\n"
            "0,\"plan, old\",,effect,\n0,\"plan, old\",,overlap,\n"
            "0,\"plan, old\",gold,level_customers,2\n0,\"plan, old\",gold,level_share,0.5\n"
            "0,\"plan, old\",gold,index,100\n0,\"plan, old\",,separation,0.25\n"
            "1,,,customers,3\n1,,,mass,3\n"
            "1,\"plan, old\",,customers,0\n1,\"plan, old\",,missing,0\n1,\"plan, old\",,imputed,0\n"
            "1,\"plan, old\",,effect,\n1,\"plan, old\",,overlap,\n"
            "1,\"plan, old\",gold,level_customers,\n1,\"plan, old\",gold,level_share,0.5\n"
            "1,\"plan, old\",gold,index,100\n");
}

TEST(ProfileTables, TellWithheldFiguresFromThoseThatAreNotThere) {
  const std::string text = profile_json(small_profile());

  EXPECT_THAT(text, HasSubstr("\"level_customers\": \"withheld\""));
  EXPECT_THAT(text, HasSubstr("\"effect\": null"));
}

TEST(ProfileTables, KeepSharesOfWithheldCountsToThemselves) {
  Crosstab crosstab;
  crosstab.levels = {"a", "b"};
  crosstab.counts = {{{30}, {30}}, {{20}, {0, true}}};

  EXPECT_EQ(crosstab_csv(crosstab),
            "segment,level,customers,row_share,column_share\n"
            "0,a,30,0.5,1\n0,b,30,0.5,1\n1,a,20,,0.6666666666666666\n1,b,,,\n");
}

}  // namespace cardseg::profile
