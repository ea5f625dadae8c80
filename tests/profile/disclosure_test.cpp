#include "cardseg/profile/disclosure.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "cardseg/core/error.hpp"

namespace cardseg::profile {
namespace {

using testing::HasSubstr;

struct Values {
  std::int64_t present;
  std::int64_t missing;
  std::int64_t zeros;
  double mean;
  double sd;
  double largest;
  double second;
};

NumberProfile group_of(const Values& values) {
  NumberProfile group;
  group.present = {values.present};
  group.missing = {values.missing};
  group.imputed = {values.missing};
  group.zeros = {values.zeros};
  group.mean = {values.mean};
  group.sd = {values.sd};
  group.total = {values.mean * static_cast<double>(values.present)};
  group.total_share = {0.5};
  group.index = {100.0};
  group.effect = {0.1};
  group.overlap = {0.9};
  for (Figure& quantile : group.quantile) quantile = {values.mean};
  group.dominance = {values.largest, values.second, group.total.value};
  return group;
}

// Two or more segments of a column of numbers of no negative ones, and the whole.
ColumnProfile numbers(const std::vector<Values>& segments) {
  Values whole{};
  double total = 0.0;
  double squares = 0.0;
  for (const Values& each : segments) {
    const auto n = static_cast<double>(each.present);
    whole.present += each.present;
    whole.missing += each.missing;
    whole.zeros += each.zeros;
    total += n * each.mean;
    squares += n * (each.sd * each.sd + each.mean * each.mean);
    whole.second = std::max({whole.second, each.second, std::min(whole.largest, each.largest)});
    whole.largest = std::max(whole.largest, each.largest);
  }
  const auto n = static_cast<double>(whole.present);
  whole.mean = total / n;
  whole.sd = std::sqrt(squares / n - whole.mean * whole.mean);
  ColumnProfile column;
  column.column.name = "spend";
  column.separation = {0.25};
  column.numbers.push_back(group_of(whole));
  for (const Values& each : segments) column.numbers.push_back(group_of(each));
  return column;
}

ColumnProfile categories(std::vector<std::vector<std::int64_t>> segments) {
  const std::size_t levels = segments.front().size();
  std::vector<std::int64_t> whole(levels);
  for (const auto& row : segments)
    for (std::size_t l = 0; l < levels; ++l) whole[l] += row[l];
  segments.insert(segments.begin(), whole);
  ColumnProfile column;
  column.column.name = "region";
  column.separation = {0.25};
  for (std::size_t l = 0; l < levels; ++l) column.levels.push_back("level " + std::to_string(l));
  for (const auto& row : segments) {
    CategoryProfile& group = column.categories.emplace_back();
    for (const std::int64_t customers : row) {
      group.levels.push_back({{customers}, {0.5}, {100.0}});
      group.present.customers += customers;
    }
    group.effect = {0.5};
    group.overlap = {0.5};
  }
  return column;
}

Profile profile_of(const std::vector<std::int64_t>& segments, std::vector<ColumnProfile> columns) {
  Profile profile;
  profile.segments = static_cast<int>(segments.size());
  profile.customers.resize(1);
  for (const std::int64_t customers : segments) {
    profile.customers[0].customers += customers;
    profile.customers.push_back({customers});
  }
  for (const Count& count : profile.customers) profile.mass.push_back({static_cast<double>(count.customers)});
  profile.columns = std::move(columns);
  return profile;
}

constexpr Values even(std::int64_t present) { return {present, 0, 0, 50.0, 5.0, 60.0, 60.0}; }

const NumberProfile& number(const Profile& profile, std::size_t group) { return profile.columns[0].numbers[group]; }
const CategoryProfile& category(const Profile& profile, std::size_t group) {
  return profile.columns[0].categories[group];
}

}  // namespace

TEST(Disclosure, PublishesEverythingOfManyEvenCustomers) {
  const Profile published = disclosed(profile_of({2000, 3000}, {numbers({even(2000), even(3000)})}), {});

  EXPECT_EQ(published.min_cell, 10);
  EXPECT_EQ(published.customers[1].customers, 2000);
  EXPECT_FALSE(number(published, 1).mean.is_withheld);
  EXPECT_FALSE(number(published, 1).quantile.front().is_withheld);
  EXPECT_EQ(published.columns[0].separation.value, 0.25);
  EXPECT_EQ(number(published, 1).dominance.largest, 0.0) << "it never leaves the program";
}

TEST(Disclosure, IsOffAtZero) {
  const Profile published = disclosed(profile_of({3, 5}, {numbers({even(3), even(5)})}), {.min_cell = 0});

  EXPECT_EQ(published.customers[1].customers, 3);
  EXPECT_FALSE(number(published, 1).quantile.front().is_withheld);
}

TEST(Disclosure, PublishesNothingOfFewerCustomersAltogether) {
  const Profile published = disclosed(profile_of({4, 5}, {numbers({even(4), even(5)})}), {});

  EXPECT_TRUE(published.customers[0].is_withheld);
  EXPECT_TRUE(published.columns.empty());
}

TEST(Disclosure, WithholdsASmallSegmentAndTheNextOne) {
  const Profile published = disclosed(profile_of({900, 4, 300}, {numbers({even(900), even(4), even(300)})}), {});

  EXPECT_FALSE(published.customers[1].is_withheld);
  EXPECT_TRUE(published.customers[2].is_withheld);
  EXPECT_TRUE(published.customers[3].is_withheld) << "the whole less the others would be the small segment";
  EXPECT_TRUE(published.mass[2].is_withheld);
  EXPECT_TRUE(number(published, 2).present.is_withheld);
  EXPECT_TRUE(number(published, 3).mean.is_withheld);
  EXPECT_TRUE(number(published, 3).quantile[median].is_withheld);
  EXPECT_FALSE(number(published, 1).mean.is_withheld);
  EXPECT_NEAR(published.columns[0].separation.value, 0.0, 1e-12) << "of segment 1 against all others";
}

TEST(Disclosure, WithholdsAnotherSegmentWhereSomeCustomersHaveNone) {
  Profile profile = profile_of({900, 300}, {});
  profile.customers[0].customers += 3;

  const Profile published = disclosed(profile, {});

  EXPECT_TRUE(published.customers[2].is_withheld);
  EXPECT_FALSE(published.customers[1].is_withheld);
}

TEST(Disclosure, WithholdsTotalsOfWhichOneCustomerHasMostWithAnother) {
  Values dominated{1000, 0, 900, 1.0, 20.0, 600.0, 10.0};

  const Profile published =
      disclosed(profile_of({1000, 5000, 3000}, {numbers({dominated, even(5000), even(3000)})}), {});

  EXPECT_TRUE(number(published, 1).mean.is_withheld);
  EXPECT_TRUE(number(published, 1).total.is_withheld);
  EXPECT_TRUE(number(published, 1).sd.is_withheld);
  EXPECT_TRUE(number(published, 1).index.is_withheld);
  EXPECT_TRUE(number(published, 1).effect.is_withheld);
  EXPECT_TRUE(number(published, 3).mean.is_withheld) << "the whole less segment 2 would be segment 1's total";
  EXPECT_FALSE(number(published, 2).mean.is_withheld);
  EXPECT_FALSE(number(published, 0).mean.is_withheld);
  EXPECT_FALSE(number(published, 1).zeros.is_withheld) << "counts are those of many";
}

TEST(Disclosure, WithholdsTotalsOfWhichTwoCustomersHaveMost) {
  Values dominated{1000, 0, 900, 1.0, 20.0, 450.0, 449.0};

  const Profile published = disclosed(profile_of({1000, 5000}, {numbers({dominated, even(5000)})}), {});

  EXPECT_TRUE(number(published, 1).mean.is_withheld);
}

TEST(Disclosure, WithholdsWhatTellsTheWholesMeanWhereACustomerHasMostOfAll) {
  Values dominated{1000, 0, 0, 1e6, 3e7, 9e8, 100.0};

  const Profile published = disclosed(profile_of({1000, 5000}, {numbers({dominated, even(5000)})}), {});

  EXPECT_TRUE(number(published, 0).mean.is_withheld);
  EXPECT_TRUE(number(published, 1).mean.is_withheld);
  EXPECT_FALSE(number(published, 2).mean.is_withheld);
  EXPECT_TRUE(number(published, 2).index.is_withheld);
  EXPECT_TRUE(number(published, 2).effect.is_withheld);
  EXPECT_TRUE(number(published, 2).total_share.is_withheld);
  EXPECT_TRUE(published.columns[0].separation.is_withheld);
}

TEST(Disclosure, WithholdsADeviationThatOneCustomerMakes) {
  // 1000 customers of 1 and one of 400: 29 % of the total, 99 % of the squares
  Values outlier{1001, 0, 0, 1400.0 / 1001, 12.6, 400.0, 1.0};

  const Profile published = disclosed(profile_of({1001, 50000}, {numbers({outlier, even(50000)})}), {});

  EXPECT_FALSE(number(published, 1).mean.is_withheld);
  EXPECT_TRUE(number(published, 1).sd.is_withheld);
  EXPECT_TRUE(number(published, 2).sd.is_withheld);
}

TEST(Disclosure, MeansOfFlagsFollowTheirCounts) {
  const Values few{1000, 0, 996, 0.004, 0.063, 1.0, 1.0};
  const Values many{1000, 0, 500, 0.5, 0.5, 1.0, 1.0};
  const Values more{5000, 0, 2500, 0.5, 0.5, 1.0, 1.0};

  const Profile published = disclosed(profile_of({1000, 1000, 5000}, {numbers({few, many, more})}), {});

  for (const std::size_t group : {1, 2}) {
    EXPECT_TRUE(number(published, group).zeros.is_withheld);
    EXPECT_TRUE(number(published, group).mean.is_withheld);
    EXPECT_TRUE(number(published, group).sd.is_withheld);
    EXPECT_TRUE(number(published, group).overlap.is_withheld);
    EXPECT_FALSE(number(published, group).present.is_withheld);
  }
  EXPECT_FALSE(number(published, 3).mean.is_withheld);
}

TEST(Disclosure, FewMissingValuesAreNotTiedByMeans) {
  Values a = even(1000);
  a.missing = 4;
  Values b = even(2000);
  b.missing = 5;
  b.mean = 40.0;

  const Profile published = disclosed(profile_of({1004, 2005, 3000}, {numbers({a, b, even(3000)})}), {});

  EXPECT_TRUE(number(published, 1).missing.is_withheld);
  EXPECT_TRUE(number(published, 1).present.is_withheld);
  EXPECT_TRUE(number(published, 1).imputed.is_withheld);
  EXPECT_TRUE(number(published, 1).total.is_withheld) << "total / mean would be the number of values";
  EXPECT_TRUE(number(published, 1).mean.is_withheld) << "two equations would tell two numbers of values";
  EXPECT_TRUE(number(published, 2).mean.is_withheld);
  EXPECT_FALSE(number(published, 3).mean.is_withheld);
  EXPECT_FALSE(number(published, 3).total.is_withheld);
}

TEST(Disclosure, PublishesQuantilesWithEnoughCustomersOnEachSide) {
  const Profile published = disclosed(profile_of({220, 3000}, {numbers({even(220), even(3000)})}), {});

  const auto& quantile = number(published, 1).quantile;
  EXPECT_TRUE(quantile[0].is_withheld);
  EXPECT_FALSE(quantile[1].is_withheld);  // at 10.95: 10 below the tenth, 209 - 11 above
  EXPECT_FALSE(quantile[5].is_withheld);
  EXPECT_TRUE(quantile[6].is_withheld);
}

TEST(Disclosure, SharesFollowTheirCounts) {
  const Profile published =
      disclosed(profile_of({500, 500, 700}, {categories({{4, 296, 200}, {100, 200, 200}, {200, 200, 300}})}), {});

  const CategoryProfile& group = category(published, 1);
  EXPECT_TRUE(group.levels[0].customers.is_withheld);
  EXPECT_TRUE(group.levels[0].share.is_withheld);
  EXPECT_TRUE(group.levels[0].index.is_withheld);
  EXPECT_TRUE(group.levels[2].customers.is_withheld);
  EXPECT_FALSE(group.levels[1].share.is_withheld);
  EXPECT_FALSE(category(published, 3).levels[0].share.is_withheld);
  EXPECT_NE(group.effect.value, 0.5) << "of withheld levels as one";
  EXPECT_EQ(category(published, 3).effect.value, 0.5) << "everything that it is made of is published";
}

TEST(Disclosure, MeasuresOfTablesAreTheSameForAllThatTheReaderCannotTellApart) {
  const auto first = disclosed(profile_of({500, 500}, {categories({{4, 296, 200}, {100, 200, 200}})}), {});
  const auto second = disclosed(profile_of({500, 500}, {categories({{5, 296, 199}, {99, 200, 201}})}), {});

  ASSERT_TRUE(category(first, 1).levels[2].customers.is_withheld);
  ASSERT_TRUE(category(second, 1).levels[2].customers.is_withheld);
  EXPECT_EQ(category(first, 1).effect.value, category(second, 1).effect.value);
  EXPECT_EQ(category(first, 1).overlap.value, category(second, 1).overlap.value);
  EXPECT_EQ(first.columns[0].separation.value, second.columns[0].separation.value);
}

TEST(Disclosure, ACrosstabAndAColumnShareTheirCells) {
  Profile profile = profile_of({500, 500, 700}, {categories({{4, 296, 200}, {100, 200, 200}, {200, 200, 300}})});
  Crosstab& crosstab = profile.crosstabs.emplace_back();
  crosstab.column.name = "region";
  crosstab.levels = profile.columns[0].levels;
  for (const CategoryProfile& group : profile.columns[0].categories) {
    std::vector<Count>& row = crosstab.counts.emplace_back();
    for (const LevelProfile& level : group.levels) row.push_back(level.customers);
  }

  const Profile published = disclosed(profile, {});

  for (std::size_t g = 0; g < 4; ++g)
    for (std::size_t l = 0; l < 3; ++l)
      EXPECT_EQ(published.crosstabs[0].counts[g][l].is_withheld,
                category(published, g).levels[l].customers.is_withheld);
}

TEST(Disclosure, NumbersOfACrosstabFollowItsCells) {
  const Values few{1000, 0, 800, 0.21, 0.4, 2.0, 2.0};
  const Values many{1000, 0, 500, 0.6, 0.6, 2.0, 2.0};
  Profile profile = profile_of({1000, 1000}, {numbers({few, many})});
  Crosstab& crosstab = profile.crosstabs.emplace_back();
  crosstab.column.name = "spend";
  crosstab.levels = {"0", "1", "2"};
  crosstab.counts = {{{1300}, {593}, {107}}, {{800}, {193}, {7}}, {{500}, {400}, {100}}};

  const Profile published = disclosed(profile, {});

  EXPECT_TRUE(published.crosstabs[0].counts[1][2].is_withheld);
  EXPECT_TRUE(number(published, 1).mean.is_withheld) << "1 x ones + 2 x twos, and their number, would tell both";
  EXPECT_TRUE(number(published, 1).quantile[median].is_withheld);
  EXPECT_FALSE(number(published, 0).mean.is_withheld);
}

TEST(Disclosure, RefusesAThresholdThatIsNone) {
  try {
    validate(DisclosureOptions{-1});
    FAIL();
  } catch (const core::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("0 to 1"));
  }
}

}  // namespace cardseg::profile
