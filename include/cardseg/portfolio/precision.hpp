// The type in which features are stored, and the one place where that choice becomes a C++ type.
#pragma once

#include <string>
#include <type_traits>

namespace cardseg::portfolio {

enum class Precision { float32, float64 };

/// "float32" or "double".
const char* name_of(Precision precision);
/// Throws core::Error(usage) for another name.
Precision precision_named(const std::string& name);

/// f(std::type_identity<float>()) or f(std::type_identity<double>()), and what it returns.
template <class F>
decltype(auto) with_precision(Precision precision, F&& f) {
  return precision == Precision::float32 ? f(std::type_identity<float>()) : f(std::type_identity<double>());
}

}  // namespace cardseg::portfolio
