// A table as CSV, for programs: values in full.
#pragma once

#include <string>

#include "cardseg/report/document.hpp"

namespace cardseg::report {

/// Pure. io::CsvWriter's text of the columns' keys and the cells' values.
std::string csv(const Table& table);

}  // namespace cardseg::report
