// The text file that lists bad rows.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "convert/csv_bad_rows.hpp"

namespace cardseg::convert {

/// Collective over comm. Rank 0 writes the first BadRowList::max_listed bad rows of all ranks, in the order of the
/// file, as line or lines, column, reason and id between tabs, under a header; then how many more there are. Messages
/// are bounded: each rank sends its part of those lines. Throws core::AgreedError.
void write_bad_rows(const comm::Communicator& comm, const CsvFile& file, const BadRowList& local_rows,
                    const std::vector<std::string>& column_names, const std::filesystem::path& path);

}  // namespace cardseg::convert
