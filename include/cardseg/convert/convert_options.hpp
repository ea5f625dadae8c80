// What a user chooses about a conversion.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "cardseg/convert/csv_conventions.hpp"
#include "cardseg/core/enum_names.hpp"
#include "cardseg/core/option.hpp"
#include "cardseg/io/table.hpp"

namespace cardseg::convert {

/// What is done with rows that do not parse.
enum class BadRows { error, skip };
inline constexpr core::EnumNames<BadRows> bad_rows_names = {"error", "skip"};

/// A word that stands for a missing value: in `column`, or in every column where that is empty.
struct GapWord {
  std::string column;
  std::string word;
};

/// A field that stands at a fixed place of every line: characters `first` to `last`, from 1.
struct FieldPlace {
  std::int64_t first = 1;
  std::int64_t last = 1;
};

struct ConvertOptions {
  std::vector<std::filesystem::path> inputs;  ///< CSV files of the same columns, also .gz and .zst; `-`: standard input
  std::string encoding;  ///< of the files, as iconv names it; empty: UTF-8, or what a byte order mark says
  std::filesystem::path
      output_directory;  ///< made where absent; gets `<stem of the first input>-00000-of-00007.h5`, ...
  std::int64_t rows_per_shard =
      1'000'000;                          ///< rows in every shard but the last; 1 to 10^12; at most 10^6 shards result
  char delimiter = 0;                     ///< any ASCII byte but quote, letters, digits and line ends; 0: detected
  bool has_blank_delimiters = false;      ///< any number of blanks stands between fields, in place of a delimiter
  std::int64_t header_line = 0;           ///< the line that names the columns, from 1; 0: the first
  bool has_no_header = false;             ///< `column_names` are the columns'
  std::vector<std::string> column_names;  ///< of a file without a header, in their order
  std::vector<FieldPlace> field_places;   ///< of a file without delimiters: where each of column_names stands
  std::vector<GapWord> missing;           ///< words for a missing value beside the usual ones (csv_gap_words.cpp)
  std::map<std::string, io::ColumnType> types;  ///< column name to type; the other columns' types are inferred
  std::vector<std::string> date_columns;        ///< columns that must hold dates
  std::filesystem::path like;         ///< shards of an earlier month or a model.json, whose columns and types the
                                      ///< file must have; empty: any
  Conventions conventions;            ///< how numbers and dates are written
  std::vector<std::string> exclude;   ///< names of columns that are left out of the shards
  BadRows bad_rows = BadRows::error;  ///< error: the first one ends the job; skip: counted, listed, left out
  double max_bad_share = 0.01;        ///< of all rows, 0 to 1: where more would be skipped, the job fails
  std::string bad_rows_file;          ///< name of the list inside output_directory; empty: `<stem>-bad-rows.txt`
  int deflate_level = 0;              ///< compression of the shards; 0 (none) to 9
  bool json = false;                  ///< the result is printed as its record, conversion.json
  bool overwrite = false;             ///< replace an older set of shards of the same stem
};

core::OptionTable describe(ConvertOptions& options);

/// Throws core::Error(usage) with the field, its value and the allowed range.
void validate(const ConvertOptions& options);

/// Pure. The name of the list of bad rows inside the output directory.
std::string bad_rows_name(const ConvertOptions& options);
/// As the option gives it: 0.01 is "1%".
std::string share_text(double share);
/// Pure. `COLUMN=WORD`, or the word alone.
std::string text_of(const GapWord& gap);

}  // namespace cardseg::convert
