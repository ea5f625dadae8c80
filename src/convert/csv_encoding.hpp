// What a file that is not UTF-8 looks like, and the options that would read it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cardseg/core/error.hpp"
#include "convert/csv_file.hpp"

namespace cardseg::convert {

/// The encoding that bytes which are not UTF-8 look like: "utf-16le", "utf-16be", "cp1252" or "latin1".
std::string likely_encoding(std::string_view bytes);

/// Local. The error that a file with such bytes is: names its likely encoding, the other conventions found in its
/// beginning, and the options that read them. `offset` and `line`: of the first row with such bytes.
core::Error encoding_error(const CsvFile& file, std::int64_t offset, std::int64_t line);

}  // namespace cardseg::convert
