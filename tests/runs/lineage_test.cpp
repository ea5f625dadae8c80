#include "cardseg/run/lineage.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cardseg/io/atomic_file.hpp"
#include "cardseg/run/run_directory.hpp"
#include "support/temporary_directory.hpp"
#include "support/world.hpp"
#include "support/write_shard.hpp"

namespace cardseg::run {
namespace {

using support::TemporaryDirectory;
using support::world;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* record = R"({"format": "cardseg-conversion", "format_version": 1,
  "sources": [{"file": "customers.csv.gz", "bytes": 77, "sha256": "ab", "compression": "gzip"}],
  "rows": {"read": 4, "written": 3, "rejected": 1},
  "columns": [{"name": "balance", "type": "float64", "count": 2, "missing": 1, "sum": "0.3"},
              {"name": "town", "type": "text", "count": 3, "missing": 0}],
  "shards": ["a.h5", "b.h5"]})";

// Two shards of three rows.
class LineageTest : public testing::Test {
 protected:
  LineageTest() {
    support::write_shard(world(), directory_ / "a.h5", {{"balance", std::vector<double>{0.1, 0.2}}});
    support::write_shard(world(), directory_ / "b.h5", {{"balance", std::vector<double>{0}}});
  }
  Lineage lineage(const std::string& text) {
    io::write_file(directory_ / "conversion.json", text);
    return lineage_of(io::ShardSet(world(), {directory_.path()}));
  }

  TemporaryDirectory directory_{world()};
};

TEST_F(LineageTest, IsTheRecordBesideTheShards) {
  const Lineage found = lineage(record);

  EXPECT_THAT(found.warnings, IsEmpty());
  ASSERT_EQ(found.conversions.size(), 1u);
  const Conversion& conversion = found.conversions.front();
  EXPECT_EQ(conversion.sha256, io::sha256_of_file(directory_ / "conversion.json"));
  EXPECT_EQ(conversion.sources.front().file, "customers.csv.gz");
  EXPECT_EQ(conversion.rows_rejected, 1);
  EXPECT_EQ(conversion.columns[0].sum, "0.3");
  EXPECT_EQ(conversion.columns[1].sum, "");
}

TEST_F(LineageTest, IsInTheManifest) {
  Manifest manifest{"fit", {}, {}, 3, {}, {}, {}};
  EXPECT_FALSE(nlohmann::json::parse(to_json(manifest)).contains("lineage"));
  manifest.lineage = lineage(record).conversions;

  const nlohmann::json entry = nlohmann::json::parse(to_json(manifest)).at("lineage").at(0);

  EXPECT_EQ(entry["rows"]["read"], 4);
  EXPECT_EQ(entry["columns"][0]["sum"], "0.3");
  EXPECT_FALSE(entry["columns"][1].contains("sum"));
  EXPECT_EQ(manifest_from_json(to_json(manifest)).rows, 3);
}

TEST_F(LineageTest, IsEmptyWithoutARecord) {
  const Lineage found = lineage_of(io::ShardSet(world(), {directory_.path()}));

  EXPECT_THAT(found.conversions, IsEmpty());
  EXPECT_THAT(found.warnings, IsEmpty());
}

TEST_F(LineageTest, LeavesOutARecordOfOtherShards) {
  EXPECT_THAT(lineage("{}").warnings, ElementsAre(HasSubstr("conversion.json is no record of convert")));
  EXPECT_THAT(lineage("[").warnings, ElementsAre(HasSubstr("is no record of convert")));
  lineage(record);
  support::write_shard(world(), directory_ / "c.h5", {{"balance", std::vector<double>{7}}});

  const Lineage found = lineage_of(io::ShardSet(world(), {directory_.path()}));

  EXPECT_THAT(found.conversions, IsEmpty());
  EXPECT_THAT(found.warnings, ElementsAre(HasSubstr("is not of these shards, or not of all of them")));
}

}  // namespace
}  // namespace cardseg::run
