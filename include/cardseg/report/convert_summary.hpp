// What `convert` says of its result.
#pragma once

#include <string>

#include "cardseg/convert/csv_converter.hpp"
#include "cardseg/convert/rewrite_shards.hpp"
#include "cardseg/report/document.hpp"

namespace cardseg::report {

/// Pure. Rows, columns with their types and notes, what was left out and why, and where the record is.
Document convert_summary(const convert::ConvertReport& report, const std::string& directory);

/// Pure. The same of shards that were written again.
Document rewrite_summary(const convert::RewriteReport& report, const std::string& directory);

}  // namespace cardseg::report
