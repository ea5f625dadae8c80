#include "segments/listed_row.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <type_traits>

namespace cardseg::segments {
namespace {

class Packer {
 public:
  template <class T>
  void put(const T& value) {
    put(&value, sizeof(value));
  }
  void put(const std::string& text) {
    put(static_cast<std::uint64_t>(text.size()));
    put(text.data(), text.size());
  }
  std::vector<std::byte> bytes() { return std::move(bytes_); }

 private:
  void put(const void* from, std::size_t size) {
    const auto* first = static_cast<const std::byte*>(from);
    bytes_.insert(bytes_.end(), first, first + size);
  }

  std::vector<std::byte> bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <class T>
  T take() {
    T value;
    take(&value, sizeof(value));
    return value;
  }
  std::string take_text() {
    std::string text(take<std::uint64_t>(), '\0');
    take(text.data(), text.size());
    return text;
  }

 private:
  void take(void* to, std::size_t size) {
    std::memcpy(to, rest_.data(), size);
    rest_ = rest_.subspan(size);
  }

  std::span<const std::byte> rest_;
};

void append(io::ColumnValues& values, const io::CsvValue& value) {
  std::visit(
      [&]<class T>(std::vector<T>& column) {
        if constexpr (std::is_same_v<T, std::string>)
          column.push_back(std::get<std::string>(value));
        else if (const auto* whole = std::get_if<std::int64_t>(&value))
          column.push_back(static_cast<T>(*whole));
        else
          column.push_back(static_cast<T>(std::get<double>(value)));
      },
      values);
}

}  // namespace

std::vector<std::byte> ListedRow::packed() const {
  Packer record;
  record.put(place);
  for (const io::CsvValue& value : values) {
    if (const auto* text = std::get_if<std::string>(&value))
      record.put(*text);
    else if (const auto* whole = std::get_if<std::int64_t>(&value))
      record.put(*whole);
    else
      record.put(std::get<double>(value));
  }
  return record.bytes();
}

ListedRow ListedRow::unpacked(std::span<const std::byte> record, const std::vector<io::ColumnSpec>& columns) {
  Unpacker bytes(record);
  ListedRow row{bytes.take<Candidate>()};
  for (const io::ColumnSpec& column : columns) {
    if (column.type == io::ColumnType::text)
      row.values.emplace_back(bytes.take_text());
    else if (io::is_integer(column.type))
      row.values.emplace_back(bytes.take<std::int64_t>());
    else
      row.values.emplace_back(bytes.take<double>());
  }
  return row;
}

io::Block block_of(const std::vector<ListedRow>& rows, const std::vector<io::ColumnSpec>& columns) {
  io::Block block;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    block.push_back(io::make_values(columns[c].type));
    for (const ListedRow& row : rows) append(block.back(), row.values[c]);
  }
  return block;
}

void set_text_bytes(const io::Block& block, std::vector<io::ColumnSpec>& columns) {
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].type != io::ColumnType::text) continue;
    columns[c].text_bytes = 1;
    for (const std::string& text : std::get<std::vector<std::string>>(block[c]))
      columns[c].text_bytes = std::max(columns[c].text_bytes, static_cast<std::int64_t>(text.size()));
  }
}

}  // namespace cardseg::segments
