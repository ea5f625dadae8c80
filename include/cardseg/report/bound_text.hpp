// How near an inertia may be to the lowest there can be.
#pragma once

#include <string>

#include "cardseg/segments/model.hpp"

namespace cardseg::report {

/// Pure. What to say of that beside the inertia: "no grouping into 8 segments can lie below 349,000 (73 % of it)"; of a
/// sample "..., as a sample of the customers suggests". Empty where the bound is not known, or so low that it says
/// nothing.
std::string bound_text(const segments::Model& model);

/// Pure. The inertia and bound_text() in a line; empty where that is.
std::string inertia_and_bound_text(const segments::Model& model);

}  // namespace cardseg::report
