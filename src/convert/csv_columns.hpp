// What the options say of a file's columns, before a value is read.
#pragma once

#include <optional>
#include <vector>

#include "cardseg/convert/csv_converter.hpp"
#include "convert/csv_dialect.hpp"
#include "convert/csv_expectation.hpp"
#include "convert/csv_file.hpp"
#include "convert/csv_rows.hpp"

namespace cardseg::convert {

/// The columns of the header with the types and gap words that are given, or left out. Throws core::Error(usage) where
/// an option names a column that the header does not have, or leaves none.
std::vector<CsvColumn> columns_of(const CsvDialect& dialect, const ConvertOptions& options);

/// What `like`, and dates among the given types, say of each column. A column that a whole `like` does not know is left
/// out of `columns`, with a warning. Throws core::Error(bad_data) where one that `like` has is not there.
std::vector<std::optional<ExpectedColumn>> expected_columns(const Expectation& like, const ConvertOptions& options,
                                                            const CsvFile& file, CsvDialect& dialect,
                                                            std::vector<CsvColumn>& columns);

}  // namespace cardseg::convert
