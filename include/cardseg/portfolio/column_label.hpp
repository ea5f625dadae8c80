// What people read of a column: its label in words.
#pragma once

#include <string>

#include "cardseg/portfolio/schema.hpp"

namespace cardseg::portfolio {

/// Pure. The label that the description gives a column, or its name as words: "Cash advance" of CASH_ADVANCE and
/// cashAdvance. Never empty, and without underscores.
std::string label_of(const Column& column);

}  // namespace cardseg::portfolio
