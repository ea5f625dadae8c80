// How many restarts of a fit came to its inertia.
#pragma once

#include <string>

#include "cardseg/segments/model.hpp"

namespace cardseg::report {

/// Pure. What to say of that beside the inertia: "3 of 4 restarts came to it, within 0.01 %". Empty where it is not
/// known, or where the only restart came there.
std::string reached_text(const segments::FitRecord& fit);

}  // namespace cardseg::report
