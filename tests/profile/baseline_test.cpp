#include "cardseg/profile/baseline.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <random>

#include "cardseg/profile/compute_profile.hpp"
#include "support/split.hpp"
#include "support/temporary_directory.hpp"
#include "support/world.hpp"
#include "support/write_shard.hpp"

namespace cardseg::profile {
namespace {

using portfolio::Kind;
using support::world;
using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::Le;
using testing::SizeIs;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr int segments = 3;

struct Silent : core::Events {
  void info(std::string_view) override {}
  void warning(std::string_view) override {}
};

ProfiledColumn number(const std::string& name) {
  ProfiledColumn profiled;
  profiled.column.name = name;
  profiled.column.role = portfolio::Role::feature;
  return profiled;
}

std::vector<double> values_by(std::size_t rows, std::uint64_t seed, auto value) {
  std::mt19937_64 random(seed);
  std::vector<double> values(rows);
  for (double& x : values) x = value(random);
  return values;
}

std::vector<std::int32_t> groups_of(std::size_t rows) {
  std::mt19937_64 random(5);
  std::vector<std::int32_t> groups(rows);
  for (std::int32_t& group : groups) group = std::array{0, 0, 0, 0, 1, 1, 2}[random() % 7];
  return groups;
}

std::vector<BaselineColumn> baseline_of(const std::vector<support::ShardColumn>& columns,
                                        const std::vector<ProfiledColumn>& profiled,
                                        const std::vector<std::int32_t>& groups, std::int64_t min_cell) {
  const support::TemporaryDirectory directory(world());
  support::write_shard(world(), directory / "a.h5", columns);
  const io::ShardSet shards(world(), {directory / "a.h5"});
  const std::vector<std::int32_t> mine = support::local_part(world(), groups);
  Silent silent;
  return baseline_columns(compute_profile(world(), shards, profiled, {mine, segments + 1}, silent), {min_cell});
}

std::vector<std::vector<std::int64_t>> published(const BaselineColumn& column) {
  std::vector<std::vector<std::int64_t>> counts;
  for (const std::vector<Count>& row : column.counts) {
    counts.emplace_back();
    for (const Count& count : row) counts.back().push_back(count.is_withheld ? -1 : count.customers);
  }
  return counts;
}

TEST(Baseline, CountsEachCellAsAPlainLoopDoes) {
  constexpr std::size_t rows = 4000;
  const std::vector<std::int32_t> groups = groups_of(rows);
  std::vector<support::ShardColumn> columns;
  columns.push_back({"heavy", values_by(rows, 1, [](auto& random) {
                       return random() % 4 ? std::exp(std::normal_distribution<double>()(random)) : 0.0;
                     })});
  columns.push_back({"signs", values_by(rows, 2, [](auto& random) {
                       return random() % 9 ? std::normal_distribution<double>()(random) : nan;
                     })});
  columns.push_back({"codes", values_by(rows, 3, [](auto& random) { return static_cast<double>(random() % 5); })});

  const auto frozen = baseline_of(columns, {number("heavy"), number("signs"), number("codes")}, groups, 0);

  ASSERT_THAT(frozen, SizeIs(3));
  for (std::size_t c = 0; c < frozen.size(); ++c) {
    std::vector<std::vector<std::int64_t>> expected(segments + 1, std::vector<std::int64_t>(frozen[c].cells()));
    const auto& values = std::get<std::vector<double>>(columns[c].values);
    for (std::size_t i = 0; i < rows; ++i)
      for (const std::size_t group : {std::size_t{0}, static_cast<std::size_t>(groups[i]) + 1})
        ++expected[group][frozen[c].cell_of(values[i])];
    EXPECT_EQ(published(frozen[c]), expected) << columns[c].name;
  }
}

TEST(Baseline, PartsNumbersIntoTwentyBinsOfAboutEqualSize) {
  constexpr std::size_t rows = 20000;
  const auto values = values_by(rows, 7, [](auto& random) { return std::normal_distribution<double>()(random); });

  const BaselineColumn column = baseline_of({{"x", values}}, {number("x")}, groups_of(rows), 10).front();

  EXPECT_THAT(column.edges, SizeIs(most_baseline_bins - 1));
  const std::vector<std::int64_t> whole = published(column).front();
  EXPECT_EQ(whole[BaselineColumn::missing_cell], 0);
  EXPECT_EQ(whole[BaselineColumn::zero_cell], 0);
  EXPECT_THAT(std::vector(whole.begin() + 2, whole.end()), Each(testing::AllOf(Ge(800), Le(1200))));
  std::vector<double> sorted = values;
  std::ranges::sort(sorted);
  EXPECT_EQ(column.low, sorted[19]);      // floor(19,999 * 0.001)
  EXPECT_EQ(column.high, sorted[19980]);  // one above floor(19,999 * 0.999)
}

TEST(Baseline, GivesFewValuesBinsOfTheirOwn) {
  constexpr std::size_t rows = 900;
  const auto values = values_by(rows, 8, [](auto& random) { return std::array{0.0, 1.0, 7.0}[random() % 3]; });

  const BaselineColumn column = baseline_of({{"x", values}}, {number("x")}, groups_of(rows), 10).front();

  EXPECT_THAT(column.edges, ElementsAre(1.0));
  EXPECT_EQ(column.cell_of(1.0), 2u);
  EXPECT_EQ(column.cell_of(7.0), 3u);
}

TEST(Baseline, TellsNoCountOfFewerThanMinCell) {
  constexpr std::size_t rows = 600;
  constexpr std::int64_t min_cell = 10;
  const auto values = values_by(rows, 9, [](auto& random) {
    return random() % 100 ? std::normal_distribution<double>()(random) : (random() % 2 ? 0.0 : nan);
  });

  const BaselineColumn column = baseline_of({{"x", values}}, {number("x")}, groups_of(rows), min_cell).front();

  const auto counts = published(column);
  for (const auto& row : counts)
    for (const std::int64_t count : row) EXPECT_TRUE(count <= 0 || count >= min_cell) << count;
  std::int64_t withheld = 0;
  for (const auto& row : counts) withheld += std::ranges::count(row, -1);
  EXPECT_GT(withheld, 1);
  EXPECT_NE(std::ranges::count(counts.front(), -1), 1);  // the whole's size would tell it
  std::vector<double> sorted;
  for (const double x : values)
    if (!std::isnan(x)) sorted.push_back(x);
  std::ranges::sort(sorted);
  EXPECT_GE(column.low, sorted[static_cast<std::size_t>(min_cell)]);
  EXPECT_LE(column.high, sorted[sorted.size() - 1 - static_cast<std::size_t>(min_cell)]);
}

TEST(Baseline, CountsLevelsAndThoseThatAreNotKnown) {
  constexpr std::size_t rows = 700;
  std::mt19937_64 random(4);
  std::vector<std::string> texts(rows);
  for (std::string& text : texts) text = std::array{"north", "south", "", "east"}[random() % 4];
  texts[5] = "rare";
  ProfiledColumn profiled = number("region");
  profiled.column.kind = Kind::category;
  profiled.column.settings.least_customers = 10;

  const BaselineColumn column = baseline_of({{"region", texts}}, {profiled}, groups_of(rows), 0).front();

  ASSERT_TRUE(column.is_category());
  ASSERT_THAT(column.counts.front(), SizeIs(5));  // missing, three levels, others
  for (std::size_t l = 0; l < 3; ++l)
    EXPECT_EQ(column.counts[0][1 + l].customers, std::ranges::count(texts, column.column.levels.known[l].name));
  EXPECT_EQ(column.counts[0][0].customers, std::ranges::count(texts, ""));
  EXPECT_EQ(column.counts[0][4].customers, 1);
}

TEST(Baseline, KeepsQuantilesOfDistancesWithEnoughCustomersBeyond) {
  constexpr std::size_t rows = 1500;
  const std::vector<std::int32_t> groups = groups_of(rows);
  cluster::Scores scores;
  scores.segment = support::local_part(world(), groups);
  std::vector<double> squares(rows);
  for (std::size_t i = 0; i < rows; ++i) squares[i] = static_cast<double>(i) * static_cast<double>(i);
  scores.squared_distance = support::local_part(world(), squares);
  scores.margin.assign(scores.segment.size(), 0.5F);
  std::vector<Count> customers = {{rows}};
  for (std::int32_t g = 0; g < segments; ++g) customers.push_back({std::ranges::count(groups, g)});

  const std::vector<ScoreQuantiles> found = score_quantiles(world(), scores, customers, {10});

  ASSERT_THAT(found, SizeIs(segments + 1));
  EXPECT_NEAR(found[0].distance[median].value, 749.5, 1e-9);
  EXPECT_NEAR(found[0].distance.back().value, 0.99 * (rows - 1), 1e-9);
  EXPECT_EQ(found[0].margin[median].value, 0.5);
  EXPECT_TRUE(found[3].distance.back().is_withheld);  // of about 214 customers
  EXPECT_FALSE(found[3].distance[median].is_withheld);
}

TEST(PrincipalSpace, LeavesOutTheVarianceOfTheLastDirections) {
  portfolio::Covariance covariance;
  covariance.features = 3;
  covariance.mean = {1.0, 2.0, 3.0};
  covariance.values = {8.0, 0.0, 0.0, 0.0, 1.5, 0.0, 0.0, 0.0, 0.5};

  const std::optional<PrincipalSpace> space = principal_space(covariance);

  ASSERT_TRUE(space);
  EXPECT_THAT(space->directions, ElementsAre(ElementsAre(1.0, 0.0, 0.0)));  // 80 % of 10
  EXPECT_EQ(space->error, 2.0);
  EXPECT_EQ(space->variance, 10.0);
}

TEST(PrincipalSpace, IsNoneOfOneFeature) {
  portfolio::Covariance covariance;
  covariance.features = 1;
  covariance.mean = {0.0};
  covariance.values = {1.0};

  EXPECT_FALSE(principal_space(covariance));
}

}  // namespace
}  // namespace cardseg::profile
