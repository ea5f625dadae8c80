#include "cardseg/portfolio/local_facts.hpp"

namespace cardseg::portfolio {
namespace {

// Lanes, because the compiler may not reorder minima by itself.
LocalFacts facts_of_block(std::span<const double> values) {
  LocalFacts facts;
  std::int64_t missing = 0;
  double min = facts.min;
  double max = facts.max;
  const double* value = values.data();
#pragma omp simd reduction(+ : missing) reduction(min : min) reduction(max : max)
  for (std::size_t i = 0; i < values.size(); ++i) {
    missing += value[i] != value[i] ? 1 : 0;
    min = value[i] < min ? value[i] : min;
    max = value[i] > max ? value[i] : max;
  }
  const auto count = static_cast<std::int64_t>(values.size());
  return {count - missing, missing, min, max};
}

}  // namespace

LocalFacts compute_local_facts(std::span<const double> values) {
  return gather_local_facts(std::ssize(values), [&](std::int64_t begin, std::int64_t end) {
    return facts_of_block(values.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
  });
}

}  // namespace cardseg::portfolio
