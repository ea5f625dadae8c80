#include "cardseg/report/document.hpp"

namespace cardseg::report {

Table table_of(const Bars& bars) {
  Table table{bars.title, {{""}, bars.of}, {}};
  for (const Bars::Bar& bar : bars.bars) table.rows.push_back({bar.label, bar.value});
  return table;
}

}  // namespace cardseg::report
