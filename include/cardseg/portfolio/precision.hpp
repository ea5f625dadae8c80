// The type in which features are stored, and the one place where that choice becomes a C++ type.
#pragma once

#include <type_traits>

#include "cardseg/core/enum_names.hpp"

namespace cardseg::portfolio {

enum class Precision { float32, float64 };

inline constexpr core::EnumNames<Precision> precision_names = {"float32", "double"};
inline const char* name_of(Precision precision) { return precision_names[precision]; }

/// f(std::type_identity<float>()) or f(std::type_identity<double>()), and what it returns.
template <class F>
decltype(auto) with_precision(Precision precision, F&& f) {
  return precision == Precision::float32 ? f(std::type_identity<float>()) : f(std::type_identity<double>());
}

}  // namespace cardseg::portfolio
