// What a dataset must be to hold a shard's columns, in the canonical and in the matrix layout.
#pragma once

#include <string>
#include <vector>

#include "cardseg/io/shard_file.hpp"
#include "io/shard_validator.hpp"

namespace cardseg::io {

/// Throws core::Error(bad_data) that says what was found and how a shard with this table is written.
[[noreturn]] void refuse_layout(const std::string& found, const std::string& table);

/// Throws core::Error(bad_data) unless all names are allowed and differ.
void check_names(const std::vector<StoredColumn>& columns);

/// The facts of one column of a table. Throws core::Error(bad_data) unless it has one dimension.
DatasetFacts column_facts(hid_t dataset, const std::string& table);

/// The facts of the dataset of a matrix shard. Throws core::Error(bad_data) unless it is a 2-D matrix of numbers.
DatasetFacts matrix_facts(hid_t dataset, const std::string& name, const std::string& table);

/// The names of the columns of a matrix of `extent`, rows x columns: its attribute's, or those that are given. Throws
/// core::Error(bad_data) where neither fits.
std::vector<std::string> matrix_names(hid_t matrix, const std::vector<std::int64_t>& extent,
                                      const ShardReadOptions& options);

}  // namespace cardseg::io
