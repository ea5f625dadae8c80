// Columns as an earlier month had them: what this month's file must hold.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "convert/csv_rows.hpp"

namespace cardseg::convert {

struct ExpectedColumn {
  std::string name;
  io::ColumnType type = io::ColumnType::float64;
  bool is_date = false;
};

struct Expectation {
  std::string source;  ///< as the user named it; empty: nothing is expected
  std::vector<ExpectedColumn> columns{};
  bool is_whole = false;  ///< there are no other columns: those of the file are left out
};

/// Local. Reads the header of a shard (of the first one in a directory), or the features' names and stored types of a
/// model.json. Throws core::Error: input_missing, permission, bad_data.
Expectation read_expectation(const std::filesystem::path& path);

/// A byte string that `unpacked` turns back.
std::string packed(const Expectation& expectation);
Expectation unpacked(const std::string& bytes);

/// How values are read so that they are stored as before, with what the user should know; an empty rule where they
/// cannot be, with the reason.
struct Conformed {
  std::optional<ValueRule> rule;
  std::string note{};
};
Conformed conform(const ExpectedColumn& expected, const InferredType& inferred, const ColumnEvidence& evidence);

}  // namespace cardseg::convert
