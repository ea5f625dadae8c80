// How far doubles are whole numbers.
#pragma once

namespace cardseg::core {

/// 2^53: every whole number up to this magnitude is a double; beyond it neighbours may share one.
inline constexpr double most_exact_integer = 0x1p53;

}  // namespace cardseg::core
