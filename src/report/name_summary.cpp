#include "cardseg/report/name_summary.hpp"

namespace cardseg::report {

Document name_summary(const segments::Model& model) {
  Table table;
  table.columns = {{"segment", Format::count}, {"name"}, {"given"}};
  for (std::size_t j = 0; j < model.names.size(); ++j) {
    std::vector<Cell>& row = table.rows.emplace_back();
    row.emplace_back(static_cast<std::int64_t>(j + 1));
    row.emplace_back(model.names[j].name);
    row.emplace_back(model.names[j].is_given ? "by a person" : "");
  }
  Document summary;
  summary.add(table);
  return summary;
}

}  // namespace cardseg::report
