// What `rfm` says of its result.
#pragma once

#include <string>
#include <vector>

#include "cardseg/report/document.hpp"
#include "cardseg/transactions/rfm.hpp"

namespace cardseg::report {

/// Pure. Customers, the reconciliation of rows and amounts, what each feature holds, and what comes next; of several
/// snapshots a line each.
Document rfm_summary(const std::vector<transactions::RfmReport>& reports, const transactions::RfmOptions& options);

}  // namespace cardseg::report
