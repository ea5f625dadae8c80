// How many fields a struct has, found out by the compiler: so that a test sees a field that no table describes.
#pragma once

#include <cstddef>

namespace cardseg::support {

/// Becomes whatever a field is made from.
struct AnyField {
  template <class T>
  constexpr operator T() const;
};

/// The most values that `Aggregate` can be made of.
template <class Aggregate, class... Fields>
consteval std::size_t field_count() {
  if constexpr (requires { Aggregate{Fields{}..., AnyField{}}; })
    return field_count<Aggregate, Fields..., AnyField>();
  else
    return sizeof...(Fields);
}

}  // namespace cardseg::support
