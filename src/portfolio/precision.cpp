#include "cardseg/portfolio/precision.hpp"

#include "cardseg/core/error.hpp"

namespace cardseg::portfolio {

const char* name_of(Precision precision) { return precision == Precision::float32 ? "float32" : "double"; }

Precision precision_named(const std::string& name) {
  if (name == "float32") return Precision::float32;
  if (name == "double") return Precision::float64;
  throw core::Error(core::ExitCode::usage, "--precision cannot be '" + name + "'").remedy("It is float32 or double");
}

}  // namespace cardseg::portfolio
