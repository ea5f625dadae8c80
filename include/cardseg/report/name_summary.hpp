// What segments are called.
#pragma once

#include "cardseg/report/document.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::report {

/// Pure. Number and name of each segment, and whether a person gave it; not how many customers, which may be too few
/// to be told.
Document name_summary(const segments::Model& model);

}  // namespace cardseg::report
