// What `rfm` says of its result.
#pragma once

#include <string>

#include "cardseg/report/document.hpp"
#include "cardseg/transactions/rfm.hpp"

namespace cardseg::report {

/// Pure. Customers, the reconciliation of rows and amounts, what each feature holds, and what comes next.
Document rfm_summary(const transactions::RfmReport& report, const transactions::RfmOptions& options);

}  // namespace cardseg::report
