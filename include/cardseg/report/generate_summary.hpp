// What `generate` says of its result.
#pragma once

#include <string>

#include "cardseg/generate/generator.hpp"
#include "cardseg/report/document.hpp"

namespace cardseg::report {

/// Pure. The portfolio, its true segments, where they are, and the first fit.
Document generate_summary(const generate::GeneratorReport& report, const std::string& output);

}  // namespace cardseg::report
