// Shards of other programs that are written again.
#include "cardseg/convert/rewrite_shards.hpp"

#include <gmock/gmock.h>

#include <numeric>

#include "cardseg/io/hidden_damage.hpp"
#include "cardseg/io/shard_set.hpp"
#include "support/raw_hdf5.hpp"
#include "support/temporary_directory.hpp"
#include "support/world.hpp"

namespace cardseg::convert {
namespace {

using support::world;
namespace fs = std::filesystem;

constexpr std::size_t rows = 40;

// As h5py writes them.
void write_foreign(const fs::path& path, int first) {
  support::RawHdf5 file(path);
  std::vector<double> numbers(rows);
  std::iota(numbers.begin(), numbers.end(), first);
  std::vector<std::int64_t> integers(numbers.begin(), numbers.end());
  std::vector<std::string> ids;
  for (const std::int64_t number : integers) ids.push_back("id" + std::to_string(number));
  std::vector<const char*> pointers;
  for (const std::string& id : ids) pointers.push_back(id.c_str());
  file.add("balance", H5T_IEEE_F32LE, numbers, H5P_DEFAULT, H5T_NATIVE_DOUBLE);
  file.add("count", H5T_STD_U16BE, integers, H5P_DEFAULT, H5T_NATIVE_INT64);
  file.add("id", support::text_type(0), pointers);
  file.add("is_active", support::enum_type({"FALSE", "TRUE"}), std::vector<std::int8_t>(rows, 1));
}

class RewriteShards : public testing::Test {
 protected:
  void SetUp() override {
    if (world().is_root()) {
      fs::create_directory(directory_ / "in");
      for (int shard = 0; shard < 3; ++shard)
        write_foreign(directory_ / "in" / ("part-" + std::to_string(shard) + ".h5"), 100 * shard);
    }
    world().barrier();
  }

  support::TemporaryDirectory directory_{world()};
};

TEST_F(RewriteShards, KeepsNamesTypesAndValuesAndShowsDamage) {
  const fs::path out = directory_ / "out";
  ConvertOptions options;
  options.inputs = {directory_ / "in"};
  options.output_directory = out;

  const RewriteReport report = rewrite_shards(world(), options);

  EXPECT_EQ(report.shards, 3);
  EXPECT_EQ(report.rows, 120);
  EXPECT_EQ(report.rows_written, 120);
  const io::ShardSet before(world(), {directory_ / "in"});
  const io::ShardSet after(world(), {out});
  EXPECT_THAT(io::hidden_damage(before), testing::HasSubstr("3 of 3 shards have no checksums"));
  EXPECT_EQ(io::hidden_damage(after), "");
  ASSERT_EQ(after.columns().size(), before.columns().size());
  for (int column = 0; column < std::ssize(before.columns()); ++column) {
    const io::StoredColumn& stored = after.columns()[static_cast<std::size_t>(column)];
    EXPECT_EQ(stored.name, before.columns()[static_cast<std::size_t>(column)].name);
    EXPECT_EQ(stored.type, before.columns()[static_cast<std::size_t>(column)].type);
    if (stored.type == io::ColumnType::text) {
      EXPECT_EQ(after.read_texts(column, {0, 120}), before.read_texts(column, {0, 120}));
      continue;
    }
    std::vector<double> expected(120);
    std::vector<double> found(120);
    before.read_numbers(column, {0, 120}, expected);
    after.read_numbers(column, {0, 120}, found);
    EXPECT_EQ(found, expected) << stored.name;
  }
}

}  // namespace
}  // namespace cardseg::convert
