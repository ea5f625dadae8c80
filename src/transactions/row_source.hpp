// Rows of transactions or statements, whatever they are stored in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/convert/csv_row_reader.hpp"

namespace cardseg::transactions {

/// As convert::CsvRowReader, which says more of each function.
class RowSource {
 public:
  RowSource() = default;
  RowSource(const RowSource&) = delete;
  RowSource& operator=(const RowSource&) = delete;
  virtual ~RowSource() = default;

  virtual const std::vector<std::string>& column_names() const = 0;
  virtual std::vector<std::string> warnings() const { return {}; }
  virtual std::string file() const = 0;
  /// Before the first `next`: values of these columns will be asked for; the first names the rows. Throws
  /// core::Error(bad_data) where the type of one is of no use.
  virtual void use(std::size_t customer, std::size_t date, std::size_t amount,
                   const std::vector<std::size_t>& others) = 0;

  virtual bool next() = 0;
  /// Of this rank, in bytes or rows.
  virtual std::int64_t done() const = 0;
  virtual std::int64_t total() const = 0;
  virtual std::string_view text(std::size_t column) = 0;
  virtual std::optional<convert::DecimalNumber> decimal(std::size_t column) = 0;
  virtual std::optional<convert::Moment> moment(std::size_t column) = 0;
  virtual void reject(convert::CsvProblem problem, std::size_t column, const std::string& remedy) = 0;
  virtual convert::CsvReading finish(const std::filesystem::path& list) = 0;
};

/// Collective. The reader of CSV files, or of shards with a table of this name (transactions, statements) where the
/// inputs end in .h5 or .hdf5. Throws comm::AgreedError. `options` must outlive it; `copy`: see CsvRowReader.
std::unique_ptr<RowSource> open_rows(const comm::Communicator& comm, const convert::ConvertOptions& options,
                                     const char* table, const std::filesystem::path& copy);

/// Local. Files and those of directories: of each directory its shards or, where there is none, its other files but
/// hidden ones, by name. Throws core::Error(input_missing) where a directory is empty.
std::vector<std::filesystem::path> files_of(const std::vector<std::filesystem::path>& inputs);

}  // namespace cardseg::transactions
