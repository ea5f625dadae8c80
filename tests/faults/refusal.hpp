// What the tests of this directory share: small portfolios, the program run on them, and what every refusal must be
// like.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cardseg/core/error.hpp"
#include "cardseg/io/table.hpp"
#include "support/program.hpp"
#include "support/temporary_directory.hpp"

namespace cardseg::faults {

/// Every number of a customer contains these digits and every text this word, so that a message that repeats one is
/// seen.
constexpr const char* secret_digits = "4711";
constexpr const char* secret_word = "secret";

struct Column {
  std::string name;
  io::ColumnValues values;
};
using Columns = std::vector<Column>;

/// Customers `first_row` on: customer_id (int64), age (int32), balance and purchases (float64), region (text).
Columns customers(std::int64_t rows, std::int64_t first_row = 0);

/// The column of that name.
Column& column(Columns& columns, const std::string& name);

/// A canonical shard of these columns.
void write_shard(const std::filesystem::path& path, const Columns& columns);

void write_text(const std::filesystem::path& path, const std::string& text);

/// Flips the lowest bit of the byte at `share` of a file's length.
void flip_a_bit(const std::filesystem::path& path, double share);

/// Number of times `part` is in `text`.
int count(const std::string& text, const std::string& part);

/// Expects that the files below `directory`, which may be absent, are whole: no temporary name is left and every shard
/// opens; and that nothing there says that a run is complete.
void expect_nothing_half_written(const std::filesystem::path& directory);

class Faults : public testing::Test {
 protected:
  /// A path in this test's directory.
  std::string at(const std::string& name) const { return (scratch_ / name).string(); }
  std::string output() const { return at("out"); }

  /// shards/a.h5, b.h5, ... of 20 customers each. Returns the directory.
  std::string make_portfolio(int shards = 2) const;

  /// Expects of `arguments`, alone and on three ranks: that exit code, one error message with all of `words` in it and
  /// nothing of a customer, nothing half written in output().
  void expect_refused(const std::string& arguments, core::ExitCode code, const std::vector<std::string>& words) const;
  /// The same of fit with further options; `shards` as for --shards.
  void expect_fit_refused(const std::string& shards, core::ExitCode code, const std::vector<std::string>& words,
                          const std::string& options = "--segments 3") const;
  /// Expects of `arguments`, alone and on three ranks: exit code 0. Returns what the last run said.
  support::Outcome expect_done(const std::string& arguments) const;

  support::TemporaryDirectory scratch_;
};

}  // namespace cardseg::faults
