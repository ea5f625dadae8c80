#include "convert/csv_id_column.hpp"

#include <algorithm>

#include "cardseg/core/id_name.hpp"

namespace cardseg::convert {

std::size_t id_column(const std::vector<std::string>& names) {
  const auto found =
      std::ranges::find_if(names, [](const std::string& name) { return core::id_name(name) >= core::IdName::word; });
  return found == names.end() ? 0 : static_cast<std::size_t>(found - names.begin());
}

}  // namespace cardseg::convert
