// What every rank found in its rows becomes what all found, on every rank.
#pragma once

#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/convert/csv_types.hpp"
#include "convert/decimal_sum.hpp"

namespace cardseg::convert {

/// Collective over comm: three reductions of some numbers a column.
std::vector<ColumnEvidence> united(const comm::Communicator& comm, const std::vector<ColumnEvidence>& local_columns);

/// Collective over comm. The sums as decimal numbers, empty where one is not exact; 78 integers a column travel.
std::vector<std::string> united(const comm::Communicator& comm, const std::vector<const DecimalSum*>& local_sums);

}  // namespace cardseg::convert
