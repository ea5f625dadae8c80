// Shards that are absent, damaged, of another layout, or unlike each other.
#include <fstream>

#include "faults/refusal.hpp"
#include "support/raw_hdf5.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
namespace fs = std::filesystem;

using Shards = Faults;

TEST_F(Shards, MustExist) {
  expect_fit_refused(at("nowhere"), ExitCode::input_missing, {at("nowhere"), "no such file", "--shards"});
  expect_refused("validate --shards " + at("nowhere"), ExitCode::input_missing, {at("nowhere"), "no such file"});
}

TEST_F(Shards, MustBeInTheDirectory) {
  fs::create_directory(at("empty"));
  write_text(at("empty/notes.txt"), "not a shard");

  expect_fit_refused(at("empty"), ExitCode::input_missing, {at("empty"), "holds no shard", "cardseg convert"});
}

TEST_F(Shards, MustNotBeCutOff) {
  const std::string shards = make_portfolio(3);
  fs::resize_file(shards + "/b.h5", fs::file_size(shards + "/b.h5") / 2);

  expect_fit_refused(shards, ExitCode::bad_data, {"b.h5", "truncated", "write this shard again"});
}

TEST_F(Shards, MustNotBeEmptyFiles) {
  const std::string shards = make_portfolio(2);
  fs::resize_file(shards + "/b.h5", 0);

  expect_fit_refused(shards, ExitCode::bad_data, {"b.h5", "is empty (0 bytes)"});
}

TEST_F(Shards, MustBeHdf5) {
  write_text(at("shards/a.h5"), "customer_id,secret\n4711,1\n");

  expect_fit_refused(at("shards"), ExitCode::bad_data, {"a.h5", "not an HDF5 file", "cardseg convert"});
}

// Bits of values and of descriptions; a bit of a gap between them may pass where it changes nothing.
TEST_F(Shards, WithAFlippedBitNeverGiveOtherValues) {
  const std::string shard = at("shards/a.h5");
  const std::string clean = at("clean.h5");
  write_shard(clean, customers(4000));
  fs::create_directory(at("shards"));
  fs::copy_file(clean, shard);
  const std::string values = support::run_cardseg("inspect " + shard).out;
  int refused = 0;
  for (int place = 0; place < 61; ++place) {
    fs::copy_file(clean, shard, fs::copy_options::overwrite_existing);
    flip_a_bit(shard, place < 30 ? 0.0004 * place : (place - 29.5) / 31);  // 30 near the begin, 31 everywhere
    const auto outcome = support::run_cardseg("inspect " + shard);
    if (outcome.exit_code == 0) {
      EXPECT_EQ(outcome.out, values) << place;
      continue;
    }
    ++refused;
    EXPECT_EQ(outcome.exit_code, static_cast<int>(ExitCode::bad_data)) << place << outcome.err;
    EXPECT_EQ(count(outcome.err, "cardseg: error: " + shard), 1) << outcome.err;
  }
  EXPECT_GE(refused, 30);
}

TEST_F(Shards, WithAFlippedBitAreRefusedByTheColumnAndRowsThatItIsIn) {
  Columns columns = customers(100000);
  columns.erase(columns.begin() + 1, columns.begin() + 4);
  columns.push_back({"amount", std::vector<double>(100000, 4711.5)});
  write_shard(at("shards/a.h5"), columns);
  flip_a_bit(at("shards/a.h5"), 0.9);  // the last column written

  expect_fit_refused(at("shards"), ExitCode::bad_data, {"a.h5, column ", "rows ", "damaged", "write this shard again"});
}

TEST_F(Shards, MustHaveTheirColumnsInTheGroupCustomers) {
  fs::create_directory(at("shards"));
  {
    support::RawHdf5 file(at("shards/a.h5"), "accounts");
    file.add("balance", H5T_NATIVE_DOUBLE, std::vector<double>{4711, 47112});
    file.add("age", H5T_NATIVE_DOUBLE, std::vector<double>{4711, 47112});
  }

  expect_fit_refused(at("shards"), ExitCode::bad_data,
                     {"a.h5", "no group /customers", "found /accounts", "write_shard(df, 'OUT.h5')"});
}

TEST_F(Shards, WithAMatrixWithoutNamesNeedThem) {
  fs::create_directory(at("shards"));
  {
    support::RawHdf5 file(at("shards/a.h5"), "/");
    const std::vector<double> values(12, 4711);
    file.add("features", H5T_NATIVE_DOUBLE, {4, 3}, values.data());
  }

  expect_fit_refused(at("shards"), ExitCode::bad_data, {"a.h5", "matrix of 3 columns without names", "--columns"});
  expect_fit_refused(at("shards"), ExitCode::bad_data, {"a.h5", "3 columns without names (2 given)"}, "--columns a,b");
}

TEST_F(Shards, WithAPickledTableAreRefused) {
  fs::create_directory(at("shards"));
  {
    support::RawHdf5 file(at("shards/a.h5"), "customers");
    const hid_t table = H5Tcreate(H5T_COMPOUND, 16);
    H5Tinsert(table, "age", 0, H5T_NATIVE_DOUBLE);
    H5Tinsert(table, "balance", 8, H5T_NATIVE_DOUBLE);
    file.add("table", table, std::vector<double>{4711, 4711});
  }

  expect_fit_refused(at("shards"), ExitCode::bad_data, {"a.h5", "table", "compound", "write_shard"});
}

TEST_F(Shards, MustHaveTheSameColumns) {
  const std::string shards = make_portfolio(3);
  Columns columns = customers(20, 40);
  column(columns, "balance").name = "balances";
  write_shard(shards + "/c.h5", columns);

  expect_fit_refused(shards, ExitCode::bad_data, {shards + "/c.h5", shards + "/a.h5", "column balances"});
  columns.erase(columns.begin() + 2);
  write_shard(shards + "/c.h5", columns);
  expect_fit_refused(shards, ExitCode::bad_data, {shards + "/c.h5", shards + "/a.h5", "column balance", "lacks"});
}

TEST_F(Shards, MustHaveNumbersOrTextsAlike) {
  const std::string shards = make_portfolio(3);
  Columns columns = customers(20, 20);
  column(columns, "age").values = std::vector<std::string>(20, "secret");
  write_shard(shards + "/b.h5", columns);

  expect_fit_refused(shards, ExitCode::bad_data,
                     {shards + "/b.h5", shards + "/a.h5", "column age", "text here, but int32"});
}

TEST_F(Shards, MustHaveColumnsOfOneLength) {
  const std::string shards = make_portfolio(1);
  {
    support::RawHdf5 file(shards + "/b.h5");
    for (const char* name : {"customer_id", "balance"})
      file.add(name, H5T_NATIVE_DOUBLE, std::vector<double>(name[0] == 'c' ? 20 : 19, 4711));
  }

  expect_fit_refused(shards + "/b.h5", ExitCode::bad_data, {"b.h5", "20 rows where column balance has 19"});
}

TEST_F(Shards, MayNotBeGivenTwice) {
  const std::string shards = make_portfolio(2);

  expect_fit_refused(shards + " " + shards + "/a.h5", ExitCode::bad_data, {"a.h5", "given twice"});
}

}  // namespace
}  // namespace cardseg::faults
