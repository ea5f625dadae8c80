#include "cardseg/monitor/month.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "support/temporary_directory.hpp"
#include "support/watched_model.hpp"
#include "support/world.hpp"
#include "support/write_shard.hpp"

namespace cardseg::monitor {
namespace {

using support::world;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct Silent : core::Events {
  void info(std::string_view) override {}
  void warning(std::string_view) override {}
};

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t rows = 500;

struct Values {
  std::vector<double> balance;
  std::vector<double> spend;
  std::vector<std::string> city;
};

Values values() {
  std::mt19937_64 random(17);
  Values made;
  for (std::size_t i = 0; i < rows; ++i) {
    made.balance.push_back(random() % 7 ? static_cast<double>(random() % 40) : nan);
    made.spend.push_back(static_cast<double>(random() % 9) - 4.0);
    made.city.emplace_back(std::array{"Bonn", "Ulm", "", "Kiel", "Bonn"}[random() % 5]);
  }
  return made;
}

Month month_of(const Values& made, bool has_city) {
  const support::TemporaryDirectory directory(world());
  std::vector<std::int64_t> ids(rows);
  for (std::size_t i = 0; i < rows; ++i) ids[i] = static_cast<std::int64_t>(i);
  std::vector<support::ShardColumn> columns = {
      {"customer_id", ids}, {"balance", made.balance}, {"spend, total", made.spend}};
  if (has_city) columns.push_back({"city", made.city});
  support::write_shard(world(), directory / "a.h5", columns);
  const io::ShardSet shards(world(), {directory / "a.h5"});
  Silent silent;
  return count_month(world(), shards, support::watched_model(), silent);
}

TEST(Month, CountsWhatAPlainLoopCounts) {
  const Values made = values();
  const segments::Model model = support::watched_model();

  const Month month = month_of(made, true);

  ASSERT_THAT(month.columns, SizeIs(2));
  std::vector<std::int64_t> balance(4);
  std::vector<std::int64_t> city(4);
  double errors = 0.0;
  const profile::PrincipalSpace& space = *model.baseline->space;
  for (std::size_t i = 0; i < rows; ++i) {
    ++balance[model.baseline->columns[0].cell_of(made.balance[i])];
    ++city[made.city[i].empty() ? 0 : made.city[i] == "Bonn" ? 1 : made.city[i] == "Ulm" ? 2 : 3];
    const auto feature = [&](std::size_t column, double raw) {
      return static_cast<double>(
          static_cast<float>(std::get<portfolio::NumberEncoder>(model.columns[column].encoder).encode(raw)));
    };
    const double x = feature(1, made.balance[i]) - space.mean[0];
    const double y = feature(2, made.spend[i]) - space.mean[1];
    errors += std::max(0.0, x * x + y * y - x * x);
  }
  EXPECT_EQ(month.columns[0].counts[0], balance);
  EXPECT_EQ(month.columns[1].counts[0], city);
  EXPECT_EQ(month.customers[0], static_cast<std::int64_t>(rows));
  EXPECT_EQ(month.customers[0], month.customers[1] + month.customers[2] + month.customers[3]);
  ASSERT_TRUE(month.reconstruction);
  EXPECT_EQ(month.reconstruction->customers, static_cast<std::int64_t>(rows));
  EXPECT_NEAR(month.reconstruction->mean, errors / rows, 1e-9 * errors);
}

TEST(Month, NamesLevelsThatTheFitDidNotKnow) {
  const Values made = values();

  const Month month = month_of(made, true);

  ASSERT_THAT(month.columns[1].new_levels, SizeIs(1));
  EXPECT_EQ(month.columns[1].new_levels[0].name, "Kiel");
  EXPECT_EQ(month.columns[1].new_levels[0].customers, std::ranges::count(made.city, "Kiel"));
}

TEST(Month, GoesOnWithoutAColumnThatIsNoFeature) {
  const Month month = month_of(values(), false);

  EXPECT_EQ(month.columns[1].absent, "the shards do not have it");
  EXPECT_THAT(month.columns[1].new_levels, IsEmpty());
  EXPECT_EQ(month.columns[0].absent, "");
}

}  // namespace
}  // namespace cardseg::monitor
