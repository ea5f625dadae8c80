// Files that people take for CSV files or shards, known by their first bytes.
#pragma once

#include <string_view>

namespace cardseg::io {

struct FileFormat {
  std::string_view first_bytes;
  const char* is;        ///< "is a Parquet file"
  const char* to_csv;    ///< what to do where CSV was expected; null where convert reads it
  const char* to_shard;  ///< what to do where a shard was expected
};

/// How many bytes `format_of` looks at.
inline constexpr std::size_t format_bytes = 24;

/// The format of a file that begins so; null where it is none of those that are known.
const FileFormat* format_of(std::string_view first_bytes);

}  // namespace cardseg::io
