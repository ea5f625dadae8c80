// Whole numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace cardseg::core {

/// 12345678 as "12,345,678".
std::string with_commas(std::int64_t number);

}  // namespace cardseg::core
