#include "cardseg/segments/customer_file.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "cardseg/core/error.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/csv_table.hpp"

namespace cardseg::segments {
namespace {

using core::Error;
using core::ExitCode;
namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, int line, const std::string& why, const std::string& remedy) {
  throw Error(ExitCode::bad_data, "line " + std::to_string(line) + ": " + why).in_file(path.string()).remedy(remedy);
}

std::size_t column_in(const fs::path& path, const io::CsvRecord& header, const std::string& name) {
  const auto found = std::ranges::find(header.fields, name);
  if (found != header.fields.end()) return static_cast<std::size_t>(found - header.fields.begin());
  throw Error(ExitCode::bad_data, "there is no column '" + name + "'")
      .in_file(path.string())
      .remedy("Write a CSV file with commas whose first line names its columns, '" + name + "' among them");
}

// use(line, id, record) for each customer of the file.
template <class Use>
void for_each_customer(const fs::path& path, const std::string& id_column, Use use) {
  const std::string text = io::read_file(path);
  io::CsvReader reader(text);
  io::CsvRecord header;
  reader.next(header);
  const std::size_t id = column_in(path, header, id_column);
  io::CsvRecord record;
  while (reader.next(record)) {
    if (record.fields.size() != header.fields.size())
      refuse(path, record.line, "it has another number of fields than the first line", "Correct the line");
    if (record.fields[id].empty()) refuse(path, record.line, "the id is empty", "Remove the line");
    use(header, record, record.fields[id]);
  }
}

}  // namespace

std::vector<CustomerLine> read_customer_lines(const fs::path& path, const std::string& id_column,
                                              const std::vector<std::string>& columns) {
  std::vector<CustomerLine> lines;
  std::unordered_set<std::string> known;
  const std::string id_name = id_column.empty() ? columns_of_customer_file(path).front() : id_column;
  for_each_customer(path, id_name,
                    [&](const io::CsvRecord& header, const io::CsvRecord& record, const std::string& id) {
                      if (!known.insert(id).second)
                        refuse(path, record.line, "the customer is named a second time", "Remove the line");
                      CustomerLine& line = lines.emplace_back(CustomerLine{record.line, id, {}});
                      for (const std::string& column : columns)
                        line.fields.push_back(record.fields[column_in(path, header, column)]);
                    });
  return lines;
}

std::vector<std::string> columns_of_customer_file(const fs::path& path) {
  const std::string text = io::read_file(path);
  io::CsvRecord header;
  io::CsvReader(text).next(header);
  if (header.fields.empty())
    throw Error(ExitCode::bad_data, "the file is empty")
        .in_file(path.string())
        .remedy("Write a CSV file with commas whose first line names its columns");
  return header.fields;
}

std::vector<std::string> read_customer_ids(const fs::path& path, const std::string& id_column) {
  std::vector<std::string> ids;
  std::unordered_set<std::string> known;
  for_each_customer(path, id_column, [&](const io::CsvRecord&, const io::CsvRecord& record, const std::string& id) {
    if (!known.insert(id).second) refuse(path, record.line, "the customer is named a second time", "Remove the line");
    ids.push_back(id);
  });
  return ids;
}

std::unordered_map<std::string, int> read_placements(const fs::path& path, const std::string& id_column, int segments) {
  std::unordered_map<std::string, int> placements;
  for_each_customer(
      path, id_column, [&](const io::CsvRecord& header, const io::CsvRecord& record, const std::string& id) {
        const std::string& text = record.fields[column_in(path, header, "segment")];
        int segment = 0;
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), segment);
        if (failure != std::errc() || end != text.data() + text.size() || segment < 1 ||
            (segments > 0 && segment > segments))
          refuse(path, record.line, "the segment is not one of this run",
                 segments > 0 ? "Write a number from 1 to " + std::to_string(segments) : "Write a number from 1 on");
        if (!placements.emplace(id, segment).second)
          refuse(path, record.line, "the customer is named a second time", "Remove the line");
      });
  return placements;
}

}  // namespace cardseg::segments
