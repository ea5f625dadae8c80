// The map: customers and segments on the plane in which customers differ most.
#pragma once

#include "cardseg/report/document.hpp"
#include "cardseg/report/fit_content.hpp"

namespace cardseg::report {

/// Pure.
Document map_chapter(const FitContent& content);

}  // namespace cardseg::report
