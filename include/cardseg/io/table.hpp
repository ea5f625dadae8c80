// A block of rows in memory, column by column, in the types that a shard can hold.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "cardseg/core/enum_names.hpp"

namespace cardseg::io {

/// What a column of a shard holds. Missing values: NaN in floating-point columns, an empty text; integers and booleans
/// have none.
enum class ColumnType { boolean, int32, int64, float32, float64, text };

/// As users know them.
inline constexpr core::EnumNames<ColumnType> column_type_names = {"boolean", "int32",   "int64",
                                                                  "float32", "float64", "text"};
inline const char* name_of(ColumnType type) { return column_type_names[type]; }
inline bool is_integer(ColumnType type) { return type == ColumnType::int32 || type == ColumnType::int64; }

/// Columns that a table may have, in shards and in CSV files; and what to do where there are more.
inline constexpr std::int64_t max_columns = 4096;
inline constexpr const char* too_many_columns_remedy =
    "Leave out what tells nothing about customers, or add up columns of one kind: twelve months of spend to a sum and "
    "a trend";

/// A text that a shard keeps beside a column: its unit, its formula.
struct ColumnNote {
  std::string name;
  std::string text;

  bool operator==(const ColumnNote&) const = default;
};

struct ColumnSpec {
  std::string name;
  ColumnType type = ColumnType::float64;
  /// Bytes of the longest text (UTF-8, >= 1); text columns only.
  std::int64_t text_bytes = 0;
  /// Days since 1970-01-01; the attribute cardseg_kind = "date" says so in the file.
  bool is_date = false;
  std::vector<ColumnNote> notes = {};  ///< attributes of the dataset

  bool operator==(const ColumnSpec&) const = default;
};

/// Values of one column; the alternative matches ColumnType in its order (boolean is int8: 0 or 1).
using ColumnValues = std::variant<std::vector<std::int8_t>, std::vector<std::int32_t>, std::vector<std::int64_t>,
                                  std::vector<float>, std::vector<double>, std::vector<std::string>>;

/// An empty vector of the alternative for `type`.
ColumnValues make_values(ColumnType type);
/// Number of rows in `values`.
std::int64_t row_count(const ColumnValues& values);

/// Columns of equal length, in the order of a vector of ColumnSpec kept elsewhere.
using Block = std::vector<ColumnValues>;

}  // namespace cardseg::io
