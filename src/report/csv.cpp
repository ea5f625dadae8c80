#include "cardseg/report/csv.hpp"

namespace cardseg::report {

std::string csv(const Table& table) {
  std::vector<std::string> header;
  for (const Column& column : table.columns) header.push_back(column.key.empty() ? column.heading : column.key);
  io::CsvWriter writer(header);
  for (const std::vector<Cell>& row : table.rows) {
    std::vector<Value> values;
    for (const Cell& cell : row) values.push_back(cell.value);
    writer.add_row(values);
  }
  return writer.text();
}

}  // namespace cardseg::report
