// How many rows may be bad.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/convert/csv_converter.hpp"
#include "convert/csv_bad_rows.hpp"
#include "convert/csv_file.hpp"

namespace cardseg::convert {

/// Collective. The reasons that occurred, with the rows of all ranks.
std::vector<ReasonCount> reasons_of(const comm::Communicator& comm, const BadRowList& local_rows);

/// Collective. Of `rows` rows, bad ones included, more may not be bad than the options allow: throws
/// comm::AgreedError(bad_data), which says why the most of them are.
void check_bad_rows(const comm::Communicator& comm, const ConvertOptions& options, const CsvFile& file,
                    const std::vector<std::string>& column_names, const BadRowList& local_rows, std::int64_t rows);

}  // namespace cardseg::convert
