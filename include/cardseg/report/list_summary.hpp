// What list and export tell when they are done.
#pragma once

#include <string>

#include "cardseg/report/document.hpp"
#include "cardseg/segments/customer_list.hpp"
#include "cardseg/segments/label_export.hpp"

namespace cardseg::report {

/// Pure.
Document list_summary(const segments::ListOptions& options, const segments::ListCounts& counts,
                      const std::string& file);
Document export_summary(const segments::ExportCounts& counts, const std::string& file);

}  // namespace cardseg::report
