#include "cardseg/io/shard_set.hpp"

#include <gmock/gmock.h>

#include <functional>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/shard_list.hpp"
#include "cardseg/io/shard_writer.hpp"
#include "support/raw_hdf5.hpp"
#include "support/split.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;
using support::error_of;
using support::RawHdf5;
using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

// One directory for all ranks; rank 0 puts files in it.
class ShardSetTest : public testing::Test {
 protected:
  const comm::Communicator& comm() const { return support::world(); }
  fs::path path(const std::string& name = "") const { return directory_ / name; }

  void on_root(const std::function<void()>& make) const {
    if (comm().is_root()) make();
    comm().barrier();
  }

  ShardSet set(const ShardReadOptions& options = {}) const { return {comm(), {directory_.path()}, options}; }

  // The error that all ranks throw together.
  Error refusal(const std::vector<fs::path>& inputs) const {
    Error error = error_of([&] { ShardSet shards(comm(), inputs); });
    for (const std::string& text : comm().allgather(std::string(error.what()))) EXPECT_EQ(text, error.what());
    EXPECT_FALSE(error.remedy_text().empty()) << error.what();
    return error;
  }
  Error refusal() const { return refusal({directory_.path()}); }

  support::TemporaryDirectory directory_{support::world()};
};

// Rows [begin, begin + count) of a portfolio whose values follow from the global row.
void write_shard(const fs::path& path, std::int64_t begin, std::int64_t count) {
  std::vector<std::int64_t> id;
  std::vector<double> balance;
  std::vector<std::string> town;
  for (std::int64_t row = begin; row < begin + count; ++row) {
    id.push_back(7 * row);
    balance.push_back(static_cast<double>(row) / 4);
    town.push_back("town " + std::to_string(row % 10));
  }
  ShardWriter writer(path, {{"id", ColumnType::int64}, {"balance", ColumnType::float64}, {"town", ColumnType::text, 6}},
                     count);
  writer.append({id, balance, town});
  writer.commit();
}

void write_shards(const fs::path& directory, const std::vector<std::int64_t>& sizes) {
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    write_shard(directory / ("part-" + std::to_string(100 + i) + ".h5"), begin, sizes[i]);
    begin += sizes[i];
  }
}

std::vector<double> numbers(const ShardSet& shards, const std::string& column, core::Range rows) {
  std::vector<double> values(static_cast<std::size_t>(rows.size()));
  shards.read_numbers(shards.column_index(column), rows, values);
  return values;
}

TEST_F(ShardSetTest, PutsShardsInTheOrderOfTheirNames) {
  on_root([&] {
    write_shard(path("b.h5"), 3, 2);
    write_shard(path("a.hdf5"), 0, 3);
    write_shard(path("c.h5"), 5, 1);
    write_file(path("README.txt"), "not a shard");
    write_file(path("d.h5.host-1.partial"), "half a shard");
  });
  const ShardSet shards = set();

  EXPECT_EQ(shards.rows(), 6);
  ASSERT_EQ(shards.shards().size(), 3U);
  EXPECT_EQ(shards.shards()[0].header.path.filename(), "a.hdf5");
  EXPECT_EQ(shards.shards()[1].rows, (core::Range{3, 5}));
  EXPECT_THAT(numbers(shards, "id", {0, 6}), ElementsAre(0, 7, 14, 21, 28, 35));
  EXPECT_EQ(shards.bytes(), static_cast<std::int64_t>(fs::file_size(path("a.hdf5")) + fs::file_size(path("b.h5")) +
                                                      fs::file_size(path("c.h5"))));
  EXPECT_EQ(shards.column_index("absent"), -1);
}

TEST_F(ShardSetTest, ReadsEveryRangeAsPartOfTheWhole) {
  on_root([&] { write_shards(path(), {5, 0, 1, 7, 0, 0, 4}); });
  const ShardSet shards = set();
  ASSERT_EQ(shards.rows(), 17);

  for (std::int64_t begin = 0; begin <= 17; ++begin)
    for (std::int64_t end = begin; end <= 17; ++end) {
      const auto count = static_cast<std::size_t>(end - begin);
      std::vector<double> balance(count);
      std::vector<std::int64_t> id(count);
      shards.read_numbers(shards.column_index("balance"), {begin, end}, balance);
      shards.read_integers(shards.column_index("id"), {begin, end}, id);
      const std::vector<std::string> town = shards.read_texts(shards.column_index("town"), {begin, end});
      ASSERT_EQ(town.size(), count);
      for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t row = begin + static_cast<std::int64_t>(i);
        ASSERT_EQ(balance[i], static_cast<double>(row) / 4);
        ASSERT_EQ(id[i], 7 * row);
        ASSERT_EQ(town[i], "town " + std::to_string(row % 10));
      }
    }
}

TEST_F(ShardSetTest, GivesEveryRankItsOwnRowsAlsoWithMoreRanksThanShardsAndRows) {
  on_root([&] { write_shards(path(), {2, 1}); });
  const ShardSet shards = set();

  const core::Range mine = core::local_range(comm().rank(), shards.rows(), comm().size());
  std::int64_t sum = 0;
  for (const double id : numbers(shards, "id", mine)) sum += static_cast<std::int64_t>(id);

  EXPECT_EQ(comm().sum(sum), 7 * (0 + 1 + 2));
}

TEST_F(ShardSetTest, ReadsMoreShardsThanItKeepsOpen) {
  on_root([&] { write_shards(path(), std::vector<std::int64_t>(25, 3)); });
  const ShardSet shards = set();

  for (const char* column : {"id", "balance", "id"}) {
    const double step = column == std::string("id") ? 7 : 0.25;
    const std::vector<double> values = numbers(shards, column, {0, 75});
    for (std::size_t row = 0; row < values.size(); ++row) ASSERT_EQ(values[row], step * static_cast<double>(row));
  }
}

TEST_F(ShardSetTest, TakesAPortfolioWithoutCustomers) {
  on_root([&] { write_shards(path(), {0, 0}); });

  EXPECT_EQ(set().rows(), 0);
  EXPECT_TRUE(numbers(set(), "id", {0, 0}).empty());
}

TEST_F(ShardSetTest, ReadsSelectedRowsAsIfThereWereNoOthers) {
  on_root([&] { write_shards(directory_.path(), {3, 70000, 0, 70000}); });
  const ShardSet all = set();
  for (const std::int64_t step : {2, 7, 50000}) {
    std::vector<std::uint8_t> is_selected;
    std::vector<std::int64_t> rows;
    for (std::int64_t row = 0; row < all.rows(); ++row) {
      is_selected.push_back(row % step == 1 || (row > 65000 && row < 140000 - 65000) ? 1 : 0);
      if (is_selected.back() != 0) rows.push_back(row);
    }
    const ShardSet selected =
        all.selected(gather_selection(comm(), all.rows(), support::local_part(comm(), is_selected)));

    ASSERT_EQ(selected.rows(), std::ssize(rows));
    EXPECT_EQ(selected.all_rows(), all.rows());
    const core::Range part{std::min<std::int64_t>(1, std::ssize(rows)), std::ssize(rows) - 1};
    const std::vector<double> balances = numbers(selected, "balance", part);
    std::vector<std::int64_t> ids(balances.size());
    selected.read_integers(selected.column_index("id"), part, ids);
    const std::vector<std::string> towns = selected.read_texts(selected.column_index("town"), part);
    for (std::size_t i = 0; i < balances.size(); ++i) {
      const std::int64_t row = rows[i + 1];
      ASSERT_EQ(balances[i], static_cast<double>(row) / 4);
      ASSERT_EQ(ids[i], 7 * row);
      ASSERT_EQ(towns[i], "town " + std::to_string(row % 10));
    }
    const RowPlace last = selected.place_of(std::ssize(rows) - 1);
    EXPECT_EQ(last.file, all.place_of(rows.back()).file);
    EXPECT_EQ(last.row, rows.back() - (rows.back() < 3 ? 0 : rows.back() < 70003 ? 3 : 70003));
  }
}

TEST_F(ShardSetTest, DigestsEveryShardInOrder) {
  on_root([&] { write_shards(path(), {5, 0, 1, 7}); });
  const ShardSet shards = set();

  std::vector<std::string> expected;
  for (const PlacedShard& shard : shards.shards()) expected.push_back(sha256_of_file(shard.header.path));
  EXPECT_EQ(shards.sha256(comm()), expected);
}

TEST_F(ShardSetTest, FindsColumnsByNameWhateverTheirOrder) {
  on_root([&] {
    const std::vector<float> first = {1, 10, 2, 20};
    const std::vector<float> second = {30, 3};
    RawHdf5 a(path("a.h5"), "/");
    a.name_columns(a.add("m", H5T_IEEE_F32LE, {2, 2}, first.data()), {"x", "y"}, true);
    RawHdf5 b(path("b.h5"), "/");
    b.name_columns(b.add("m", H5T_IEEE_F32LE, {1, 2}, second.data()), {"y", "x"}, false);
  });
  const ShardSet shards = set();

  EXPECT_THAT(numbers(shards, "x", {0, 3}), ElementsAre(1, 2, 3));
  EXPECT_THAT(numbers(shards, "y", {1, 3}), ElementsAre(20, 30));
}

TEST_F(ShardSetTest, NamesMatrixColumnsInEveryShard) {
  on_root([&] {
    for (const char* name : {"a.h5", "b.h5"}) {
      RawHdf5 file(path(name), "/");
      file.add("m", H5T_IEEE_F64LE, {1, 2}, std::vector<double>{1, 2}.data());
    }
  });

  EXPECT_THAT(numbers(set({.matrix_columns = {"x", "y"}}), "y", {0, 2}), ElementsAre(2, 2));
}

TEST_F(ShardSetTest, KnowsTheLongestTextOnlyWhereEveryShardSaysIt) {
  on_root([&] {
    RawHdf5 a(path("a.h5"));
    a.add("fixed", support::text_type(3), {1}, "abc");
    a.add("mixed", support::text_type(3), {1}, "abc");
    RawHdf5 b(path("b.h5"));
    b.add("fixed", support::text_type(5), {1}, "abcde");
    b.add("mixed", support::text_type(0), std::vector<const char*>{"abcdefgh"});
  });
  const ShardSet shards = set();

  EXPECT_EQ(shards.columns()[0].text_bytes, 5);
  EXPECT_EQ(shards.columns()[1].text_bytes, 0);
  EXPECT_THAT(shards.read_texts(1, {0, 2}), ElementsAre("abc", "abcdefgh"));
}

TEST_F(ShardSetTest, ReadsNumbersThatShardsStoreInDifferentTypes) {
  on_root([&] {
    RawHdf5 a(path("a.h5"));
    a.add("age", H5T_STD_I8LE, {2}, "\x1e\x28");
    a.add("balance", H5T_IEEE_F32LE, std::vector<float>{1.5F, 2.0F});
    a.add("visits", H5T_NATIVE_INT64, std::vector<std::int64_t>{3, 4});
    RawHdf5 b(path("b.h5"));
    b.add("age", H5T_NATIVE_INT64, std::vector<std::int64_t>{50});
    b.add("balance", H5T_NATIVE_INT64, std::vector<std::int64_t>{9});
    b.add("visits", H5T_NATIVE_INT64, std::vector<std::int64_t>{5});
  });
  const ShardSet shards = set();
  const auto stored_type = [&](const std::string& name) {
    return shards.columns()[static_cast<std::size_t>(shards.column_index(name))].stored_type;
  };

  EXPECT_THAT(numbers(shards, "age", {0, 3}), ElementsAre(30, 40, 50));
  EXPECT_THAT(numbers(shards, "balance", {0, 3}), ElementsAre(1.5, 2, 9));
  EXPECT_EQ(stored_type("age"), "int64");
  EXPECT_EQ(stored_type("balance"), "float64");
  EXPECT_EQ(stored_type("visits"), "int64");
}

TEST_F(ShardSetTest, NamesBothShardsAndTheColumnThatDiffer) {
  const auto make = [&](const std::string& name, const std::string& column, hid_t type) {
    on_root([&] {
      RawHdf5 file(path(name));
      file.add("age", H5T_STD_I32LE, {1}, "\1\0\0\0");
      if (!column.empty()) file.add(column, type, {1}, "\1\0\0\0\0\0\0\0");
    });
  };
  make("a.h5", "income", H5T_IEEE_F32LE);

  make("b.h5", "income", support::text_type(8));
  const Error other_type = refusal();
  make("b.h5", "", -1);
  const Error lacking = refusal();
  make("b.h5", "wage", H5T_IEEE_F32LE);
  const Error additional = refusal();

  for (const Error& error : {other_type, lacking, additional}) {
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    EXPECT_EQ(error.place().file, path("b.h5").string());
    EXPECT_THAT(error.what(), HasSubstr(path("a.h5").string()));
  }
  EXPECT_EQ(other_type.place().column, "income");
  EXPECT_THAT(other_type.what(), HasSubstr("the type is text here, but float32 in"));
  EXPECT_EQ(lacking.place().column, "income");
  EXPECT_THAT(lacking.what(), HasSubstr("lacks the column"));
  EXPECT_EQ(additional.place().column, "wage");
}

TEST_F(ShardSetTest, RefusesNothingAsInput) {
  EXPECT_EQ(refusal(std::vector<fs::path>()).code(), ExitCode::input_missing);
}

TEST_F(ShardSetTest, RefusesAMissingInput) {
  const Error error = refusal({path("absent")});

  EXPECT_EQ(error.code(), ExitCode::input_missing);
  EXPECT_EQ(error.place().file, path("absent").string());
}

TEST_F(ShardSetTest, RefusesADirectoryWithoutShards) {
  on_root([&] { write_file(path("portfolio.csv"), "id\n1\n"); });

  EXPECT_EQ(refusal().code(), ExitCode::input_missing);
  EXPECT_THAT(refusal().what(), HasSubstr("holds no shard"));
}

TEST_F(ShardSetTest, RefusesTwoShardsOfOneName) {
  on_root([&] {
    for (const char* directory : {"2023", "2024"}) {
      fs::create_directory(path(directory));
      write_shard(path(directory) / "part.h5", 0, 1);
    }
  });
  const Error error = refusal({path("2023"), path("2024")});

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr((path("2023") / "part.h5").string()));
  EXPECT_THAT(refusal({path("2023"), path("2023")}).what(), HasSubstr("given twice"));
}

TEST_F(ShardSetTest, RefusesOneFileUnderTwoNames) {
  on_root([&] {
    write_shard(path("2024-05.h5"), 0, 1);
    fs::create_symlink("2024-05.h5", path("latest.h5"));
  });

  EXPECT_EQ(refusal().code(), ExitCode::bad_data);
  EXPECT_THAT(refusal().what(), HasSubstr("its customers would count twice"));
}

TEST_F(ShardSetTest, FollowsLinksHoweverTheyAreNamed) {
  on_root([&] {
    fs::create_directory(path("in"));
    write_shard(path("outside.h5"), 0, 1);
    fs::create_symlink(path("outside.h5"), path("in") / "part.h5");
    fs::create_directory_symlink(path("in"), path("latest"));
  });

  for (const fs::path& input : {path("in"), path("in") / "part.h5", path("latest"), path("latest") / ""})
    EXPECT_EQ(ShardSet(comm(), {input}).rows(), 1) << input;
}

TEST_F(ShardSetTest, RefusesLinksOnDemandHoweverTheyAreNamed) {
  on_root([&] {
    fs::create_directory(path("in"));
    write_shard(path("outside.h5"), 0, 1);
    fs::create_symlink(path("outside.h5"), path("in") / "part.h5");
    fs::create_directory_symlink(path("in"), path("latest"));
  });

  for (const fs::path& input : {path("in"), path("in") / "part.h5", path("latest"), path("latest") / ""}) {
    const core::Error error = support::error_of([&] { refuse_links({input}); });
    EXPECT_EQ(error.code(), ExitCode::permission) << input;
    EXPECT_THAT(error.what(), HasSubstr("is a symbolic link, which no-links refuses"));
  }
  refuse_links({path("outside.h5")});
}

TEST_F(ShardSetTest, ChecksWhatALinkLeadsTo) {
  on_root([&] {
    fs::create_directory(path("in"));
    fs::create_symlink("/dev/null", path("in") / "part.h5");
  });

  EXPECT_THAT(refusal({path("in")}).what(), HasSubstr("is not a regular file"));
}

TEST_F(ShardSetTest, RefusesALinkToNowhere) {
  on_root([&] { fs::create_symlink("absent.h5", path("part.h5")); });

  EXPECT_EQ(refusal().code(), ExitCode::input_missing);
  EXPECT_EQ(refusal().place().file, path("part.h5").string());
}

TEST_F(ShardSetTest, RefusesADirectoryNamedLikeAShard) {
  on_root([&] { fs::create_directory(path("part.h5")); });

  EXPECT_EQ(refusal().code(), ExitCode::bad_data);
  EXPECT_THAT(refusal().what(), HasSubstr("is a directory"));
}

TEST_F(ShardSetTest, RefusesAFileNameThatIsNotUtf8) {
  on_root([&] { write_shard(path("Z\xFCrich.h5"), 0, 1); });

  EXPECT_EQ(refusal().code(), ExitCode::bad_data);
  EXPECT_THAT(refusal().what(), HasSubstr("the name is not UTF-8"));
}

TEST_F(ShardSetTest, AgreesOnTheFailureOfTheRankThatReadsTheBadShard) {
  on_root([&] {
    write_shards(path(), {1, 1, 1, 1});
    write_file(path("part-103.h5"), "damaged");
  });
  const Error error = refusal();

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_EQ(error.place().file, path("part-103.h5").string());
  const int reader = core::row_owner(3, 4, comm().size());
  EXPECT_EQ(error.place().rank, comm().size() > 1 ? reader : -1);
}

TEST_F(ShardSetTest, SaysThatAShardWasReplacedOrRemovedMeanwhile) {
  on_root([&] { write_shards(path(), {2, 2}); });
  const ShardSet shards = set();
  comm().barrier();
  on_root([&] {
    write_shard(path("part-100.h5"), 0, 70000);
    fs::remove(path("part-101.h5"));
  });

  const Error replaced = error_of([&] { numbers(shards, "id", {0, 1}); });
  EXPECT_EQ(replaced.code(), ExitCode::bad_data);
  EXPECT_EQ(replaced.place().file, path("part-100.h5").string());
  EXPECT_THAT(replaced.what(), HasSubstr("changed while it was read"));
  EXPECT_EQ(error_of([&] { numbers(shards, "id", {2, 3}); }).code(), ExitCode::input_missing);
}

TEST_F(ShardSetTest, ReadsATableOfAnotherName) {
  on_root([&] {
    for (int shard = 0; shard < 2; ++shard) {
      ShardWriter writer(path("part-" + std::to_string(shard) + ".h5"), {{"amount", ColumnType::float64, 0}}, 2,
                         {.table = "transactions"});
      writer.append({std::vector<double>{10.0 * shard, 10.0 * shard + 1}});
      writer.commit();
    }
  });

  const ShardSet shards = set({.table = "transactions"});

  std::vector<double> amounts(4);
  shards.read_numbers(shards.column_index("amount"), {0, 4}, amounts);
  EXPECT_THAT(amounts, ElementsAre(0, 1, 10, 11));
}

}  // namespace
}  // namespace cardseg::io
