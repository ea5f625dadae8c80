// Which column names a row in the list of bad rows.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace cardseg::convert {

/// The first column with a usual name of ids (customer_id, CUST-ID, Kundennummer, ...); else the first.
std::size_t id_column(const std::vector<std::string>& names);

}  // namespace cardseg::convert
