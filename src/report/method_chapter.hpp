// How a fit was made: options, inputs with digests, versions; and what the words of the report mean.
#pragma once

#include "cardseg/report/document.hpp"
#include "cardseg/report/fit_content.hpp"

namespace cardseg::report {

/// Pure.
Document method_chapter(const FitContent& content);

}  // namespace cardseg::report
