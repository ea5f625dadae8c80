// A CSV file that names customers, and with some of them a segment: seeds of a list, customers placed by policy.
#pragma once

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

namespace cardseg::segments {

/// A line of such a file.
struct CustomerLine {
  int line = 0;  ///< from 1
  std::string id;
  std::vector<std::string> fields;  ///< of the columns that were asked for
};

/// Local. Every customer of a CSV with a header, in the order of the file, each once, with the fields of `columns`.
/// `id_column` empty: the first one. Throws core::Error(bad_data) naming file and line: no such column, a line of
/// another length, an empty id, an id that comes twice; and what io::read_file throws.
std::vector<CustomerLine> read_customer_lines(const std::filesystem::path& path, const std::string& id_column,
                                              const std::vector<std::string>& columns);

/// Local. The names of its columns.
std::vector<std::string> columns_of_customer_file(const std::filesystem::path& path);

/// Local. The ids in the column `id_column` of a CSV with a header, each once, in the order of the file. Throws
/// core::Error(bad_data) naming file and line: no such column, an empty id, an id that comes twice; and what
/// io::read_file throws.
std::vector<std::string> read_customer_ids(const std::filesystem::path& path, const std::string& id_column);

/// Local. The same of a CSV that also has a column `segment`, with numbers from 1: the segment of each, from 1. A
/// number above `segments`, where that is not 0, is bad_data, too.
std::unordered_map<std::string, int> read_placements(const std::filesystem::path& path, const std::string& id_column,
                                                     int segments);

}  // namespace cardseg::segments
