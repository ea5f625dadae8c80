// What segments are called.
#pragma once

#include "cardseg/report/document.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::report {

/// Pure. Number, customers and name of each segment, and whether a person gave it.
Document name_summary(const segments::Model& model);

}  // namespace cardseg::report
