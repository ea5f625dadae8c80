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

}  // namespace cardseg::segments
