#include "cardseg/portfolio/local_facts.hpp"

#include "portfolio/value_kernels.hpp"

namespace cardseg::portfolio {
LocalFacts compute_local_facts(std::span<const double> values) {
  return gather_local_facts(std::ssize(values), [&](std::int64_t begin, std::int64_t end) {
    return facts_of_values(values.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
  });
}

}  // namespace cardseg::portfolio
