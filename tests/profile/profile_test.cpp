#include "cardseg/profile/profile.hpp"

#include <gmock/gmock.h>

namespace cardseg::profile {
namespace {

ColumnProfile numbers(const std::vector<double>& effects) {
  ColumnProfile column;
  for (double effect : effects) column.numbers.emplace_back().effect.value = effect;
  return column;
}

ColumnProfile categories(const std::vector<std::vector<double>>& shares) {
  ColumnProfile column;
  for (const std::vector<double>& group : shares) {
    CategoryProfile& category = column.categories.emplace_back();
    for (double share : group) category.levels.emplace_back().share.value = share;
  }
  column.levels.resize(shares.front().size());
  return column;
}

std::vector<std::size_t> columns_of(const std::vector<Driver>& drivers) {
  std::vector<std::size_t> columns;
  for (const Driver& driver : drivers) columns.push_back(driver.column);
  return columns;
}

}  // namespace

TEST(Profile, RanksColumnsByTheSizeOfTheirEffect) {
  Profile profile;
  profile.columns = {numbers({0, 0.5}), numbers({0, -2}), categories({{0.2, 0.5, 0.3}, {0.6, 0.1, 0.3}}),
                     numbers({0, 0.5})};

  const std::vector<Driver> drivers = ranked_drivers(profile, 1);

  EXPECT_THAT(columns_of(drivers), testing::ElementsAre(1, 2, 0, 3));
  EXPECT_EQ(drivers[1].level, 0);
  EXPECT_DOUBLE_EQ(drivers[1].effect, 1.0);
}

TEST(Profile, LeavesOutWhatIsWithheldOrNotThere) {
  Profile profile;
  profile.columns = {numbers({0, std::nan("")}), numbers({0, 3}), numbers({0, 0}), categories({{1.0}, {1.0}})};
  profile.columns[1].numbers[1].effect = {std::nan(""), true};

  EXPECT_TRUE(ranked_drivers(profile, 1).empty());
}

}  // namespace cardseg::profile
