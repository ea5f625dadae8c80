// The rows of CSV files one after the other, for modules that want values and no shards. What `convert` reads, this
// reads, and refuses in the same words.
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
#include "cardseg/convert/convert_options.hpp"
#include "cardseg/convert/csv_converter.hpp"
#include "cardseg/convert/csv_problem.hpp"
#include "cardseg/convert/moment.hpp"

namespace cardseg::convert {

/// mantissa / 10^scale, |mantissa| < 10^17, 0 <= scale <= 17.
struct DecimalNumber {
  std::int64_t mantissa = 0;
  int scale = 0;
  bool may_be_grouped = false;  ///< written like 10.000, and what the point means was not said
};

/// What was read, on all ranks together.
struct CsvReading {
  std::vector<SourceFile> sources;
  std::int64_t input_bytes = 0;
  std::int64_t rows = 0;  ///< bad ones included
  std::int64_t bad_rows = 0;
  std::vector<ReasonCount> bad_row_reasons;  ///< those that occurred
  std::int64_t blank_lines = 0;
};

/// Ranks divide the bytes of the files, as `convert_csv` does; each row is read by one rank.
class CsvRowReader {
 public:
  /// Collective over comm. Of the options those count that say which files there are and how they are written.
  /// `copy`: where one file in UTF-8 is made of inputs that cannot be read at any place (several, gzip, ...).
  /// Throws comm::AgreedError as `convert_csv` does. `options` must outlive the reader.
  CsvRowReader(const comm::Communicator& comm, const ConvertOptions& options, const std::filesystem::path& copy);
  ~CsvRowReader();
  CsvRowReader(const CsvRowReader&) = delete;
  CsvRowReader& operator=(const CsvRowReader&) = delete;

  const std::vector<std::string>& column_names() const;
  /// Of column names that were given or changed.
  const std::vector<std::string>& warnings() const;
  /// The first file as the user knows it.
  std::string file() const;
  /// The column that names a row in the list of bad ones.
  void name_rows_by(std::size_t column);

  /// Local. Goes to this rank's next row; false behind the last. Rows without the header's number of fields are bad.
  /// Throws core::Error(bad_data) at the first bad row where they are errors.
  bool next();
  /// Local. Of all bytes of this rank, those behind.
  std::int64_t bytes_done() const;
  std::int64_t bytes_total() const;

  /// Local, of the current row. Without blanks around it; empty where it is missing. Valid until the next call of
  /// `text` or `next`.
  std::string_view text(std::size_t column);
  /// Nothing where the value is no decimal number by the file's conventions, or has more than 17 characters.
  std::optional<DecimalNumber> decimal(std::size_t column);
  /// 2019-01-31, 20190131 or the order that was given; also with a time behind it: 15:30, 15:30:59, T15:30:59.5Z.
  std::optional<Moment> moment(std::size_t column);
  /// Local. The current row is bad. Throws core::Error(bad_data) where bad rows are errors; `remedy`: what to do then
  /// in place of the usual advice; may be empty.
  void reject(CsvProblem problem, std::size_t column, const std::string& remedy = {});

  /// Collective, behind the last row. Lists bad rows in the file `list`. Throws comm::AgreedError where more rows are
  /// bad than may be, or a file has changed.
  CsvReading finish(const std::filesystem::path& list);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cardseg::convert
