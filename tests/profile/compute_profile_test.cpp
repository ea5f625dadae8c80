#include "cardseg/profile/compute_profile.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "cardseg/profile/profile_tables.hpp"
#include "profile/plain_profile.hpp"
#include "support/split.hpp"
#include "support/temporary_directory.hpp"
#include "support/world.hpp"
#include "support/write_shard.hpp"

namespace cardseg::profile {
namespace {

using portfolio::Column;
using portfolio::Kind;
using portfolio::Role;
using support::TemporaryDirectory;
using support::world;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsNan;
using testing::SizeIs;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr int segments = 4;

struct Said : core::Events {
  void info(std::string_view text) override { infos.emplace_back(text); }
  void warning(std::string_view text) override { warnings.emplace_back(text); }
  std::vector<std::string> infos;
  std::vector<std::string> warnings;
};

Column column_named(const std::string& name, Kind kind = Kind::number, Role role = Role::feature) {
  Column column;
  column.name = name;
  column.kind = kind;
  column.role = role;
  return column;
}

// Segments 1, 2 and 4; some customers of none, and nobody in 3.
std::vector<std::int32_t> make_groups(std::size_t rows) {
  std::mt19937_64 random(11);
  std::vector<std::int32_t> groups(rows);
  for (std::int32_t& group : groups) group = std::array{0, 1, 1, 1, 2, 2, 4}[random() % 7];
  return groups;
}

// The profile of columns of one shard on some ranks.
Profile profile_on(const comm::Communicator& comm, const std::filesystem::path& shard,
                   const std::vector<ProfiledColumn>& columns, const std::vector<std::int32_t>& groups,
                   core::Events& events) {
  const io::ShardSet shards(comm, {shard});
  std::vector<std::int32_t> mine = support::local_part(comm, groups);
  for (std::int32_t& group : mine) group = group == 0 ? segments : group - 1;
  return compute_profile(comm, shards, columns, {mine, segments + 1}, events);
}

// Writes the columns and profiles them as what `columns` says.
Profile profile_of(const std::vector<support::ShardColumn>& values, const std::vector<ProfiledColumn>& columns,
                   const std::vector<std::int32_t>& groups, core::Events& events) {
  const TemporaryDirectory directory(world());
  support::write_shard(world(), directory / "a.h5", values);
  return profile_on(world(), directory / "a.h5", columns, groups, events);
}

std::vector<support::ShardColumn> awkward_numbers(std::size_t rows) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  std::lognormal_distribution<double> heavy(3, 3);
  std::vector<support::ShardColumn> columns;
  const auto add = [&](const std::string& name, auto value) {
    std::vector<double> values(rows);
    for (double& x : values) x = value();
    columns.push_back({name, values});
  };
  add("normal", [&] { return normal(random); });
  add("far", [&] { return 1e9 + 1e-3 * normal(random); });
  add("heavy", [&] { return std::round(100 * heavy(random)) / 100 * (random() % 3 ? 1 : -1); });
  add("gaps", [&] { return random() % 3 ? std::floor(5 * normal(random)) : nan; });
  add("zeros", [&] { return random() % 3 ? 0.0 : heavy(random); });
  add("signs", [&] { return random() % 2 ? -0.0 : (random() % 2 ? 1e-100 : -1e-100); });
  add("huge", [&] { return random() % 50 ? normal(random) : 1e150; });
  add("outlier", [&, i = 0]() mutable { return ++i == 200 ? 1e12 : normal(random); });
  add("constant", [&] { return 0.1; });
  add("none", [&] { return nan; });
  add("lumps", [&] { return random() % 2 ? 5000.0 : 5000.0 + std::floor(1000 * std::abs(normal(random))) / 100; });
  std::vector<std::int64_t> large(rows);
  for (std::int64_t& x : large) x = (std::int64_t{1} << 60) + static_cast<std::int64_t>(random() % 100000);
  columns.push_back({"large", large});
  std::vector<std::int32_t> wide(rows);
  for (std::int32_t& x : wide) x = static_cast<std::int32_t>(random());
  columns.push_back({"wide", wide});
  return columns;
}

std::vector<double> as_doubles(const io::ColumnValues& values) {
  return std::visit(
      [](const auto& each) -> std::vector<double> {
        if constexpr (std::is_same_v<std::decay_t<decltype(each)>, std::vector<std::string>>)
          return {};
        else
          return {each.begin(), each.end()};
      },
      values);
}

std::vector<ProfiledColumn> all_of(const std::vector<support::ShardColumn>& columns) {
  std::vector<ProfiledColumn> profiled;
  for (const support::ShardColumn& each : columns) profiled.push_back({column_named(each.name), true, true});
  return profiled;
}

void expect_near(double found, double expected, const std::string& what) {
  const bool is_near =
      std::isnan(expected) ? std::isnan(found) : std::abs(found - expected) <= 1e-12 * std::abs(expected) + 1e-300;
  EXPECT_TRUE(is_near) << what << ": " << found << ", " << expected;
}

}  // namespace

TEST(ComputeProfile, IsWhatSortingAndAddingUpGives) {
  constexpr std::size_t rows = 2003;
  const std::vector<std::int32_t> groups = make_groups(rows);
  const std::vector<support::ShardColumn> columns = awkward_numbers(rows);
  Said said;

  const Profile profile = profile_of(columns, all_of(columns), groups, said);

  ASSERT_THAT(profile.columns, SizeIs(columns.size()));
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const std::vector<double> values = as_doubles(columns[c].values);
    const std::vector<double> everybody = values_of(values, groups, 0);
    const PlainNumbers whole = plain_numbers(everybody);
    for (std::int32_t g = 0; g <= segments; ++g) {
      const std::vector<double> mine = values_of(values, groups, g);
      const PlainNumbers plain = plain_numbers(mine);
      const NumberProfile& found = profile.columns[c].numbers[static_cast<std::size_t>(g)];
      const std::string what = columns[c].name + " of group " + std::to_string(g);
      EXPECT_EQ(found.present.customers, plain.present) << what;
      EXPECT_EQ(found.zeros.customers, plain.zeros) << what;
      expect_near(found.mean.value, static_cast<double>(plain.mean), what + " mean");
      expect_near(found.sd.value, plain.sd, what + " sd");
      for (std::size_t q = 0; q < quantile_shares.size(); ++q)
        EXPECT_TRUE(found.quantile[q].value == plain.quantile[q] || std::isnan(plain.quantile[q]))
            << what << " quantile " << q << ": " << found.quantile[q].value << ", " << plain.quantile[q];
      EXPECT_EQ(found.dominance.largest, plain.largest) << what;
      EXPECT_EQ(found.dominance.second, plain.second) << what;
      expect_near(found.dominance.all, plain.magnitudes, what + " sum of magnitudes");
      if (plain.present == 0) continue;
      EXPECT_NEAR(found.overlap.value, plain_overlap(mine, everybody), 1e-12) << what;
      const auto effect = static_cast<double>(plain.mean - whole.mean) / whole.sd;
      EXPECT_TRUE(std::isnan(effect) || std::abs(found.effect.value - effect) < 1e-12)
          << what << " effect " << found.effect.value << ", " << effect;
    }
  }
}

TEST(ComputeProfile, TellsManyValuesOfNearlyTheSameSizeApart) {
  constexpr std::size_t rows = 400'000;  // on five ranks, too, more than are copied of one bucket
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> narrow(1.0, 1.0 + 1e-6);
  std::vector<double> values(rows);
  for (double& x : values) x = narrow(random);
  values[7] = 1e100;
  values[8] = 1e-100;
  const std::vector<std::int32_t> groups = make_groups(rows);
  Said said;

  const Profile profile = profile_of({{"x", values}}, {{column_named("x"), true, true}}, groups, said);

  for (std::int32_t g = 0; g <= segments; ++g) {
    const PlainNumbers plain = plain_numbers(values_of(values, groups, g));
    for (std::size_t q = 0; plain.present > 0 && q < quantile_shares.size(); ++q)
      EXPECT_EQ(profile.columns.at(0).numbers[static_cast<std::size_t>(g)].quantile[q].value, plain.quantile[q])
          << "group " << g << ", quantile " << q;
  }
}

TEST(ComputeProfile, IsTheSameBytesOnAnyNumberOfRanks) {
  constexpr std::size_t rows = 1501;
  const TemporaryDirectory directory(world());
  std::vector<support::ShardColumn> columns = awkward_numbers(rows);
  std::vector<std::string> plans(rows);
  for (std::size_t i = 0; i < rows; ++i) plans[i] = std::array{"a", "b", "", "c", "a"}[i * 7919 % 5];
  columns.push_back({"plan", plans});
  support::write_shard(world(), directory / "a.h5", columns);
  std::vector<ProfiledColumn> profiled = all_of(columns);
  profiled.back().column.kind = Kind::category;
  profiled.back().column.is_crossed = true;
  profiled[0].column.value_number = 1;
  const std::vector<std::int32_t> groups = make_groups(rows);
  Said said;

  const Profile together = profile_on(world(), directory / "a.h5", profiled, groups, said);
  const Profile alone = profile_on(comm::Communicator(), directory / "a.h5", profiled, groups, said);

  EXPECT_EQ(profile_csv(together), profile_csv(alone));
  EXPECT_EQ(profile_json(together), profile_json(alone));
  ASSERT_THAT(together.crosstabs, SizeIs(1));
  EXPECT_EQ(crosstab_csv(together.crosstabs[0]), crosstab_csv(alone.crosstabs[0]));
}

TEST(ComputeProfile, CountsCodesAndWhatIsNoNumberAsMissing) {
  const double infinity = std::numeric_limits<double>::infinity();
  ProfiledColumn column{column_named("x"), true, true};
  column.column.settings.missing_codes = {999};
  Said said;

  const Profile profile =
      profile_of({{"x", std::vector<double>{1, 999, 3, nan, infinity, -1e200}}}, {column}, {1, 1, 2, 2, 1, 2}, said);

  const std::vector<NumberProfile>& numbers = profile.columns.at(0).numbers;
  EXPECT_EQ(numbers[0].present.customers, 2);
  EXPECT_EQ(numbers[0].missing.customers, 4);
  EXPECT_EQ(numbers[1].imputed.customers, 2);
  EXPECT_EQ(numbers[1].mean.value, 1);
  EXPECT_THAT(numbers[3].mean.value, IsNan());
  EXPECT_THAT(said.warnings, ElementsAre("column x holds 2 values that are infinite or above 1e150 in magnitude: the "
                                         "profile counts them as missing"));
}

TEST(ComputeProfile, AddsUpWhatSegmentsAreWorthInDecimals) {
  Column revenue = column_named("revenue", Kind::number, Role::value);
  revenue.value_number = 1;
  Said said;

  const Profile profile =
      profile_of({{"revenue", std::vector<double>{0.1, 0.2, nan, 0.4, -0.1}}}, {{revenue}}, {1, 1, 1, 2, 0}, said);

  const std::vector<NumberProfile>& numbers = profile.columns.at(0).numbers;
  EXPECT_EQ(numbers[0].total.value, 0.6);
  EXPECT_EQ(numbers[1].total.value, 0.3);
  EXPECT_EQ(numbers[1].total_share.value, 0.5);
  EXPECT_EQ(numbers[3].total.value, 0.0);
  EXPECT_DOUBLE_EQ(numbers[2].index.value, 400 / 0.6 * 0.4);
}

TEST(ComputeProfile, HasSharesOfLevelsAndLearnsThoseOfColumnsBesideTheDistance) {
  const Column gender = column_named("gender", Kind::category, Role::profile);
  Said said;

  const Profile profile = profile_of({{"gender", std::vector<std::string>{"f", "m", "f", "", "f", "m", "f", "f"}}},
                                     {{gender}}, {1, 1, 1, 1, 2, 2, 2, 2}, said);

  ASSERT_THAT(profile.columns, SizeIs(1));
  const ColumnProfile& column = profile.columns[0];
  EXPECT_THAT(column.levels, ElementsAre("f", "m"));
  const CategoryProfile& first = column.categories[1];
  EXPECT_EQ(first.present.customers, 3);
  EXPECT_EQ(first.missing.customers, 1);
  EXPECT_EQ(first.levels[0].customers.customers, 2);
  EXPECT_DOUBLE_EQ(first.levels[0].share.value, 2.0 / 3);
  EXPECT_DOUBLE_EQ(first.levels[0].index.value, 100 * (2.0 / 3) / (5.0 / 7));
  EXPECT_DOUBLE_EQ(first.overlap.value, 2.0 / 3 + 2.0 / 7);
  // 2, 1 and 3, 1: chi^2 = 7 (2 - 3)^2 / (3 4 5 2)
  EXPECT_DOUBLE_EQ(first.effect.value, std::sqrt(1.0 / 120));
  EXPECT_DOUBLE_EQ(column.separation.value, 1.0 / 120);
  EXPECT_THAT(column.categories[3].effect.value, IsNan());
}

TEST(ComputeProfile, LeavesOutTextsOfTooManyLevelsAndSaysSo) {
  Column note = column_named("note", Kind::category, Role::profile);
  note.settings.max_levels = 2;
  Said said;

  const Profile profile =
      profile_of({{"note", std::vector<std::string>{"a", "b", "c", "a"}}}, {{note}}, {1, 1, 2, 2}, said);

  EXPECT_THAT(profile.columns, IsEmpty());
  EXPECT_THAT(said.infos, ElementsAre("column note has more than 2 levels: the profile leaves it out"));
}

TEST(ComputeProfile, CrossesCodesWithSegments) {
  Column legacy = column_named("legacy", Kind::number, Role::profile);
  legacy.is_crossed = true;
  Said said;

  const Profile profile =
      profile_of({{"legacy", std::vector<std::int64_t>{7, 7, 3, 7, 3, 3}}}, {{legacy}}, {1, 1, 1, 2, 2, 2}, said);

  ASSERT_THAT(profile.crosstabs, SizeIs(1));
  EXPECT_EQ(crosstab_csv(profile.crosstabs[0]),
            "segment,level,customers,row_share,column_share\n"
            "0,3,3,0.5,1\n0,7,3,0.5,1\n"
            "1,3,1,0.3333333333333333,0.3333333333333333\n1,7,2,0.6666666666666666,0.6666666666666666\n"
            "2,3,2,0.6666666666666666,0.6666666666666666\n2,7,1,0.3333333333333333,0.3333333333333333\n"
            "3,3,0,,0\n3,7,0,,0\n4,3,0,,0\n4,7,0,,0\n");
  EXPECT_DOUBLE_EQ(profile.crosstabs[0].cramers_v.value, 1.0 / 3);
  EXPECT_EQ(profile.columns.at(0).numbers[0].mean.value, 5);
}

}  // namespace cardseg::profile
