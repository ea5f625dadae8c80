#include "cardseg/portfolio/learn_levels.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"
#include "support/write_shard.hpp"

namespace cardseg::portfolio {
namespace {

using core::Error;
using core::ExitCode;
using support::error_of;
using support::rows_of;
using support::ShardColumn;
using support::TemporaryDirectory;
using support::world;
using support::write_shard;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// 1,000 customers: 600 west, 300 east, 97 north, 2 islands, 1 without; plan codes 7 and 3; a rank of three words.
std::vector<ShardColumn> customers() {
  std::vector<std::string> region;
  std::vector<double> plan;
  std::vector<std::string> tier;
  for (int i = 0; i < 1000; ++i) {
    const int at = i * 7 % 1000;
    region.push_back(at < 600 ? "west" : at < 900 ? "east" : at < 997 ? "north" : at < 999 ? "islands" : "");
    plan.push_back(at < 10 ? nan : at % 3 == 0 ? 7.0 : 3.0);
    tier.push_back(at % 5 == 0 ? "gold" : at % 5 < 3 ? "silver" : "basic");
  }
  return {{"region", region}, {"plan", plan}, {"tier", tier}};
}

io::ShardSet write_customers(const TemporaryDirectory& directory, const std::vector<ShardColumn>& columns,
                             std::ptrdiff_t rows) {
  write_shard(world(), directory / "a.h5", rows_of(columns, 0, rows / 3));
  write_shard(world(), directory / "b.h5", rows_of(columns, rows / 3, rows));
  return {world(), {directory.path()}};
}

Schema learned(const io::ShardSet& shards, const std::vector<Setting>& settings) {
  core::Events events;
  return learn_levels(world(), shards, make_schema(make_description(settings), shards.columns()), events);
}

const Column& column(const Schema& schema, const std::string& name) {
  return *std::ranges::find(schema.columns, name, &Column::name);
}

std::vector<std::string> shown(const Levels& levels) {
  std::vector<std::string> texts;
  for (const Level& level : levels.known) texts.push_back(level.name + " " + std::to_string(level.customers));
  return texts;
}

std::vector<double> raw_of(const io::ShardSet& shards, const Column& column, bool refuses_unknown = false) {
  std::vector<double> raw(static_cast<std::size_t>(shards.rows()));
  read_levels(shards, column, {0, shards.rows()}, refuses_unknown, raw);
  return raw;
}

}  // namespace

TEST(LearnLevels, CountsThemAllAndPoolsTheRareOnes) {
  const TemporaryDirectory directory(world());
  const io::ShardSet shards = write_customers(directory, customers(), 1000);

  const Schema schema = learned(shards, {{"column.region.min_level", "0.5%"}});
  const Levels& levels = column(schema, "region").levels;

  EXPECT_THAT(shown(levels), ElementsAre("west 600", "east 300", "north 97"));
  EXPECT_EQ(levels.other, 2);
  EXPECT_EQ(levels.missing, 1);
  EXPECT_EQ(column(schema, "region").most_width(), 5);
  EXPECT_THAT(shown(column(learned(shards, {}), "region").levels),
              ElementsAre("west 600", "east 300", "north 97", "islands 2"));
}

TEST(LearnLevels, OrdersEqualOnesByName) {
  const TemporaryDirectory directory(world());
  const std::vector<ShardColumn> columns = {{"tier", std::vector<std::string>{"b", "a", "c", "c", "b", "a"}},
                                            {"x", std::vector<double>{1, 2, 3, 4, 5, 6}}};
  const io::ShardSet shards = write_customers(directory, columns, 6);

  EXPECT_THAT(shown(column(learned(shards, {}), "tier").levels), ElementsAre("a 2", "b 2", "c 2"));
}

TEST(LearnLevels, OfNumbersThatAreCodes) {
  const TemporaryDirectory directory(world());
  const io::ShardSet shards = write_customers(directory, customers(), 1000);

  const Schema schema = learned(shards, {{"column.plan.type", "category"}});
  const Column& plan = column(schema, "plan");

  EXPECT_THAT(shown(plan.levels), ElementsAre("3 660", "7 330"));
  EXPECT_EQ(plan.levels.missing, 10);
  const std::vector<double> raw = raw_of(shards, plan);
  EXPECT_TRUE(std::isnan(raw[0]));
  EXPECT_EQ(raw[2], 0.0);  // 14: code 3
  EXPECT_EQ(raw[3], 1.0);  // 21: code 7
}

TEST(LearnLevels, OfAnOrdinalAreItsScores) {
  const TemporaryDirectory directory(world());
  const io::ShardSet shards = write_customers(directory, customers(), 1000);

  const Schema schema =
      learned(shards, {{"column.tier.order", "basic, silver, gold"}, {"column.tier.scores", "0, 1, 4"}});
  const Column& tier = column(schema, "tier");
  const std::vector<double> raw = raw_of(shards, tier, true);

  EXPECT_EQ(tier.kind, Kind::ordinal);
  EXPECT_THAT(std::vector<double>(raw.begin(), raw.begin() + 3), ElementsAre(4.0, 1.0, 0.0));
}

TEST(LearnLevels, RefusesALevelThatAnOrderLacks) {
  const TemporaryDirectory directory(world());
  const io::ShardSet shards = write_customers(directory, customers(), 1000);
  const Schema schema = learned(shards, {{"column.tier.order", "basic, gold"}});

  const Error error = error_of([&] { raw_of(shards, column(schema, "tier"), true); });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_THAT(std::string(error.what()),
              AllOf(HasSubstr("a.h5, column tier, row 2: the level is not one of the column's order. Add it to order"),
                    testing::Not(HasSubstr("silver"))));
}

TEST(LearnLevels, LeavesOutTextsOfManyLevelsUnlessTheyAreDescribed) {
  const TemporaryDirectory directory(world());
  std::vector<std::string> name;
  std::vector<double> x;
  for (int i = 0; i < 400; ++i) {
    name.push_back("n" + std::to_string(i % 65));
    x.push_back(i);
  }
  const io::ShardSet shards = write_customers(directory, {{"name", name}, {"x", x}}, 400);

  const Schema schema = learned(shards, {});
  EXPECT_EQ(column(schema, "name").role, Role::profile);
  EXPECT_EQ(column(schema, "name").reason, "more than 64 levels");
  EXPECT_EQ(column(learned(shards, {{"column.name.type", "category"}}), "name").levels.known.size(), 65u);
}

TEST(LearnLevels, LeavesOutAnEmptyColumn) {
  const TemporaryDirectory directory(world());
  const io::ShardSet shards =
      write_customers(directory, {{"note", std::vector<std::string>(4)}, {"x", std::vector<double>{1, 2, 3, 4}}}, 4);

  EXPECT_EQ(column(learned(shards, {}), "note").reason, "every value is missing");
}

TEST(LearnLevels, RefusesACategoryOfTooManyLevels) {
  const TemporaryDirectory directory(world());
  std::vector<std::string> name;
  for (int i = 0; i < 5000; ++i) name.push_back("n" + std::to_string(i));
  const io::ShardSet shards = write_customers(directory, {{"name", name}}, 5000);

  const Error error = error_of([&] {
    learned(shards, {{"column.name.type", "category"}, {"column.name.min_level", "0"}});
  });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_THAT(std::string(error.what()),
              HasSubstr("column name: the category has 5,000 frequent levels. Pool more of them: min_level = 0.1%"));
}

}  // namespace cardseg::portfolio
