// Transactions and statements in HDF5: /transactions/<column>, in the canonical layout of shards.
#pragma once

#include <array>
#include <vector>

#include "cardseg/core/range.hpp"
#include "cardseg/io/shard_set.hpp"
#include "transactions/row_source.hpp"

namespace cardseg::transactions {

/// Ids are texts or whole numbers; dates are marked as such or are texts, as in CSV; amounts are numbers, of which
/// floating-point ones stand for the decimal number next to them. Ranks divide the rows.
class ShardRows : public RowSource {
 public:
  /// Collective. `options` must outlive it.
  ShardRows(const comm::Communicator& comm, const convert::ConvertOptions& options, const char* table);

  const std::vector<std::string>& column_names() const override { return names_; }
  std::string file() const override { return shards_.shards().front().header.path.string(); }
  void use(std::size_t customer, std::size_t date, std::size_t amount, const std::vector<std::size_t>& others) override;
  bool next() override;
  std::int64_t done() const override { return row_ - mine_.begin; }
  std::int64_t total() const override { return mine_.size(); }
  std::string_view text(std::size_t column) override;
  std::optional<convert::DecimalNumber> decimal(std::size_t column) override;
  std::optional<convert::Moment> moment(std::size_t column) override;
  void reject(convert::CsvProblem problem, std::size_t column, const std::string& remedy) override;
  /// Bad rows are counted, not listed.
  convert::CsvReading finish(const std::filesystem::path& list) override;

 private:
  // Values of one column in the rows that were read last.
  struct Column {
    bool is_used = false;
    std::vector<std::string> texts{};
    std::vector<double> numbers{};
    std::vector<std::int64_t> integers{};
  };
  void read_rows();
  std::size_t at() const { return static_cast<std::size_t>(row_ - read_.begin); }

  comm::Communicator comm_;
  const convert::ConvertOptions& options_;
  io::ShardSet shards_;
  std::vector<std::string> names_;
  std::vector<Column> columns_;
  core::Range mine_;
  core::Range read_;
  std::int64_t row_ = -1;
  std::string shown_;  // of a number
  std::array<std::int64_t, convert::csv_problem_count> bad_{};
};

}  // namespace cardseg::transactions
