#include "cardseg/portfolio/category_encoder.hpp"

#include <cmath>

namespace cardseg::portfolio {

int CategoryEncoder::feature_of(double raw) const {
  if (std::isnan(raw)) return missing;
  return raw < known ? static_cast<int>(raw) : other;
}

}  // namespace cardseg::portfolio
