#include "cardseg/segments/value_totals.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "support/split.hpp"
#include "support/temporary_directory.hpp"
#include "support/world.hpp"
#include "support/write_shard.hpp"

namespace cardseg::segments {
namespace {

using support::TemporaryDirectory;
using support::world;
using testing::DoubleNear;
using testing::ElementsAre;

portfolio::Column value_column(const std::string& name, int number) {
  return {name, portfolio::Role::value, portfolio::Kind::number, "float64", {}, number, ""};
}

}  // namespace

TEST(TotalValues, AddEachValueColumnBySegmentAndCountGapsAsZero) {
  const TemporaryDirectory directory(world());
  const double nan = std::numeric_limits<double>::quiet_NaN();
  support::write_shard(
      world(), directory / "a.h5",
      {{"revenue", std::vector<double>{1.5, -2.0, nan, 1e6, 0.25}}, {"fees", std::vector<double>{1, 2, 3, 4, 5}}});
  const io::ShardSet shards(world(), {directory.path()});
  const portfolio::Schema schema{{value_column("fees", 2), value_column("revenue", 1)}};
  cluster::Scores scores;
  scores.segment = support::local_part(world(), std::vector<std::int32_t>{0, 1, 0, 2, 1});

  const std::vector<ValueTotals> totals = total_values(world(), shards, schema, scores, 4);

  ASSERT_EQ(totals.size(), 2u);
  EXPECT_EQ(totals[0].column, "revenue");
  EXPECT_THAT(totals[0].by_segment, ElementsAre(DoubleNear(1.5, 1e-8), DoubleNear(-1.75, 1e-8), 1e6, 0));
  EXPECT_EQ(totals[1].column, "fees");
  EXPECT_THAT(totals[1].by_segment, ElementsAre(4, 7, 4, 0));
}

TEST(TotalValues, KeepTheDecimalsOfTheirValues) {
  const TemporaryDirectory directory(world());
  std::vector<double> cents(3000);
  std::vector<float> floats(3000);
  std::vector<double> quotients(3000);
  for (std::size_t i = 0; i < cents.size(); ++i) {
    cents[i] = (static_cast<double>(i) * 7919 + (i == 0 ? 17 : 0)) / 100;
    floats[i] = static_cast<float>(i % 100) / 10;
    quotients[i] = static_cast<double>(i) / 3;
  }
  support::write_shard(world(), directory / "a.h5", {{"cents", cents}, {"floats", floats}, {"quotients", quotients}});
  const io::ShardSet shards(world(), {directory.path()});
  const portfolio::Schema schema{{value_column("cents", 1), value_column("floats", 2), value_column("quotients", 3)}};
  cluster::Scores scores;
  scores.segment = support::local_part(world(), std::vector<std::int32_t>(3000, 0));

  const std::vector<ValueTotals> totals = total_values(world(), shards, schema, scores, 1);

  EXPECT_EQ(totals[0].by_segment[0], 356236215.17);  // (7919 * 2999 * 3000 / 2 + 17) / 100
  EXPECT_EQ(totals[1].by_segment[0], 14850);         // 30 * 4950 / 10
  EXPECT_DOUBLE_EQ(totals[2].by_segment[0], 1499500);
}

}  // namespace cardseg::segments
