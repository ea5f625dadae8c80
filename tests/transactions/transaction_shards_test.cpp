// Transactions in HDF5 give what the same transactions in CSV give.
#include <gmock/gmock.h>

#include <fstream>

#include "cardseg/comm/agree.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/shard_writer.hpp"
#include "cardseg/transactions/rfm.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"

namespace cardseg::transactions {
namespace {

using support::TemporaryDirectory;
using support::world;
using testing::HasSubstr;

class TransactionShards : public testing::Test {
 protected:
  RfmOptions options(const std::string& input, const std::string& output) const {
    RfmOptions options;
    options.csv.inputs = {directory_ / input};
    options.csv.output_directory = directory_ / output;
    options.csv.rows_per_shard = 60;
    options.as_of = "2026-06-30";
    return options;
  }
  void write_shard(const std::string& name, const std::vector<io::ColumnSpec>& columns, const io::Block& block) const {
    comm::agree(world(), [&] {
      if (!world().is_root()) return;
      io::ShardWriter writer(directory_ / name, columns, io::row_count(block.front()), {0, "transactions"});
      writer.append(block);
      writer.commit();
    });
  }
  core::Error refusal(const RfmOptions& options) const {
    core::Events events;
    return support::error_of([&] { compute_rfm(world(), options, events); });
  }

  TemporaryDirectory directory_{world()};
};

TEST_F(TransactionShards, GiveTheBytesOfCsv) {
  std::vector<std::int64_t> customers;
  std::vector<std::int32_t> days;
  std::vector<double> amounts;
  std::string csv = "customer_id,date,amount\n";
  for (int i = 0; i < 2000; ++i) {
    customers.push_back(i * 7919 % 151);
    days.push_back(20000 + i * 31 % 600);
    const int cents = i * 4099 % 60000 - 500;
    amounts.push_back(cents / 100.0);
    csv += std::to_string(customers.back()) + "," + day_text(days.back()) + "," + (cents < 0 ? "-" : "") +
           std::to_string(std::abs(cents) / 100) + "." + std::to_string(std::abs(cents) / 10 % 10) +
           std::to_string(std::abs(cents) % 10) + "\n";
  }
  write_shard("a.h5",
              {{"customer_id", io::ColumnType::int64},
               {"date", io::ColumnType::int32, 0, true},
               {"amount", io::ColumnType::float64}},
              {customers, days, amounts});
  comm::agree(world(), [&] {
    if (world().is_root()) io::write_file(directory_ / "a.csv", csv);
  });
  core::Events events;

  const RfmReport of_shards = compute_rfm(world(), options("a.h5", "of-shards"), events).front();
  const RfmReport of_csv = compute_rfm(world(), options("a.csv", "of-csv"), events).front();

  EXPECT_EQ(of_shards.numbers.used, of_csv.numbers.used);
  ASSERT_EQ(of_csv.shards.size(), 3u);
  for (std::size_t s = 0; s < of_csv.shards.size(); ++s)
    EXPECT_EQ(io::sha256_of_file(of_shards.shards[s]), io::sha256_of_file(of_csv.shards[s]));
}

TEST_F(TransactionShards, WithAmountsThatAreNoMoneyAreRefused) {
  write_shard("a.h5",
              {{"id", io::ColumnType::int64}, {"date", io::ColumnType::text, 10}, {"amount", io::ColumnType::float64}},
              {std::vector<std::int64_t>{1, 2}, std::vector<std::string>{"2026-01-02", "2026-01-03"},
               std::vector<double>{1.25, 1.125}});

  const core::Error error = refusal(options("a.h5", "out"));

  EXPECT_EQ(error.code(), core::ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr("a.h5, column amount, row 2"));
  EXPECT_THAT(error.what(), HasSubstr("more decimals"));
}

TEST_F(TransactionShards, WithDaysThatAreNotMarkedAreRefused) {
  write_shard("a.h5",
              {{"id", io::ColumnType::int64}, {"date", io::ColumnType::int32}, {"amount", io::ColumnType::float64}},
              {std::vector<std::int64_t>{1}, std::vector<std::int32_t>{20000}, std::vector<double>{1.25}});

  const core::Error error = refusal(options("a.h5", "out"));

  EXPECT_EQ(error.code(), core::ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr("numbers that are not marked as dates"));
}

}  // namespace
}  // namespace cardseg::transactions
