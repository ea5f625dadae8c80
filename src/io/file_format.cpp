#include "cardseg/io/file_format.hpp"

#include <algorithm>
#include <iterator>

namespace cardseg::io {
namespace {

using namespace std::string_view_literals;

constexpr const char* by_pandas =
    "Write a shard from it with pandas: python3 cardseg_shards.py IN OUT.h5 (the script is in share/cardseg)";

constexpr FileFormat formats[] = {
    {"\x1F\x8B"sv, "is compressed by gzip", nullptr,
     "Decompress it: gunzip; or, where it is CSV, 'cardseg convert' reads it as it is"},
    {"\x28\xB5\x2F\xFD"sv, "is compressed by zstd", nullptr,
     "Decompress it: unzstd; or, where it is CSV, 'cardseg convert' reads it as it is"},
    {"PK\3\4"sv, "is a zip archive, or an Excel workbook (.xlsx)",
     "Unpack the archive, or save the sheet as CSV UTF-8 from the spreadsheet",
     "Unpack the archive, or save the sheet as CSV UTF-8 for 'cardseg convert'"},
    {"PAR1"sv, "is a Parquet file", by_pandas, by_pandas},
    {"ARROW1"sv, "is an Arrow (Feather) file", by_pandas, by_pandas},
    {"MATLAB 5.0 MAT-file"sv, "is a MATLAB file", "Write CSV in MATLAB: writetable(T, 'customers.csv')",
     "Write CSV in MATLAB, writetable(T, 'customers.csv'), for 'cardseg convert'"},
    {"\xD0\xCF\x11\xE0"sv, "is an old Excel workbook (.xls)", "Save the sheet as CSV UTF-8",
     "Save the sheet as CSV UTF-8 for 'cardseg convert'"},
    {"\x89HDF\r\n"sv, "is an HDF5 file", "Shards need no conversion: cardseg inspect shows them",
     "Copy or write this shard again"},
    {"BZh"sv, "is compressed by bzip2", "Decompress it: bunzip2; gzip and zstd are read as they are",
     "Decompress it: bunzip2"},
    {"\xFD"
     "7zXZ"sv,
     "is compressed by xz", "Decompress it: unxz; gzip and zstd are read as they are", "Decompress it: unxz"},
    {"SQLite format 3"sv, "is an SQLite database", "Write CSV from it: sqlite3 -header -csv FILE 'select ...'",
     "Write CSV from it, sqlite3 -header -csv FILE 'select ...', for 'cardseg convert'"},
    {"%PDF-"sv, "is a PDF document", "Ask for the data as CSV", "Ask for the data as CSV"},
};

}  // namespace

const FileFormat* format_of(std::string_view first_bytes) {
  const auto found = std::find_if(std::begin(formats), std::end(formats), [&](const FileFormat& format) {
    return first_bytes.starts_with(format.first_bytes);
  });
  return found == std::end(formats) ? nullptr : found;
}

}  // namespace cardseg::io
