#include "cardseg/io/shard_set.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/shard_list.hpp"
#include "cardseg/io/utf8.hpp"

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;
using core::Range;
using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t max_open_shards = 8;
constexpr std::int64_t block_rows = 65536;

json to_json(const ShardHeader& header) {
  json columns = json::array();
  for (const StoredColumn& c : header.columns)
    columns.push_back({c.name, static_cast<int>(c.type), c.stored_type, c.text_bytes, c.is_date});
  return {{"path", header.path.string()}, {"rows", header.rows},       {"bytes", header.file_bytes},
          {"layout", header.layout},      {"filters", header.filters}, {"columns", columns}};
}

ShardHeader header_from(const json& j) {
  ShardHeader header;
  header.path = j.at("path").get<std::string>();
  header.rows = j.at("rows");
  header.file_bytes = j.at("bytes");
  header.layout = j.at("layout");
  header.filters = j.at("filters");
  for (const json& c : j.at("columns"))
    header.columns.push_back({c.at(0), static_cast<ColumnType>(c.at(1).get<int>()), c.at(2), c.at(3), c.at(4)});
  return header;
}

[[noreturn]] void refuse_difference(const ShardHeader& first, const ShardHeader& other, const std::string& column,
                                    const std::string& how) {
  Error error(ExitCode::bad_data, how + " " + first.path.string());
  throw error.in_file(other.path.string())
      .in_column(column)
      .remedy(
          "All shards of a portfolio have the same columns, each of numbers or of text: write one of the two again");
}

bool is_whole(ColumnType type) { return type != ColumnType::float32 && type != ColumnType::float64; }

// What a column is where two shards store it in different types: numbers that both can be read as, without loss.
void widen_number(StoredColumn& column, const StoredColumn& other) {
  if (column.stored_type == other.stored_type) return;
  column.type = is_whole(column.type) && is_whole(other.type) ? ColumnType::int64 : ColumnType::float64;
  column.stored_type = column.type == ColumnType::int64 ? "int64" : "float64";
}

void check_same_columns(const ShardHeader& first, const ShardHeader& other) {
  std::map<std::string, StoredColumn> expected;
  for (const StoredColumn& column : first.columns) expected[column.name] = column;
  for (const StoredColumn& column : other.columns) {
    const auto found = expected.find(column.name);
    if (found == expected.end()) refuse_difference(first, other, column.name, "this shard has the column, unlike");
    if ((found->second.type == ColumnType::text) != (column.type == ColumnType::text))
      refuse_difference(first, other, column.name,
                        "the type is " + column.stored_type + " here, but " + found->second.stored_type + " in");
    expected.erase(found);
  }
  if (!expected.empty())
    refuse_difference(first, other, expected.begin()->first, "this shard lacks the column, unlike");
}

std::vector<ShardHeader> share_headers(const comm::Communicator& comm, const std::vector<fs::path>& files,
                                       const ShardReadOptions& options) {
  const Range mine = core::local_range(comm.rank(), static_cast<std::int64_t>(files.size()), comm.size());
  json local_headers = json::array();
  comm::agree(comm, [&] {
    for (std::int64_t i = mine.begin; i < mine.end; ++i)
      local_headers.push_back(to_json(ShardFile(files[static_cast<std::size_t>(i)], options).header()));
  });
  std::vector<ShardHeader> headers;
  for (const std::string& text : comm.allgather(local_headers.dump()))
    for (const json& header : json::parse(text)) headers.push_back(header_from(header));
  return headers;
}

std::vector<fs::path> list_together(const comm::Communicator& comm, const std::vector<fs::path>& inputs) {
  std::string names = comm::agree(comm, [&] {
    json list = json::array();
    if (comm.is_root())
      for (const fs::path& file : list_shards(inputs)) list.push_back(file.string());
    return list.dump();
  });
  comm.broadcast(names, 0);
  std::vector<fs::path> files;
  for (const json& name : json::parse(names)) files.emplace_back(name.get<std::string>());
  return files;
}

// Makes of the first shard's columns those of all: the longest text of a column, 0 where one shard does not say; a type
// that holds the numbers of every shard; a date where one shard says so.
void widen_columns(const std::vector<ShardHeader>& headers, std::vector<StoredColumn>& columns) {
  std::map<std::string, StoredColumn*> named;
  for (StoredColumn& column : columns) named[column.name] = &column;
  for (const ShardHeader& header : headers)
    for (const StoredColumn& other : header.columns) {
      StoredColumn& column = *named.at(other.name);
      column.is_date = column.is_date || other.is_date;
      if (column.type != ColumnType::text)
        widen_number(column, other);
      else
        column.text_bytes =
            column.text_bytes == 0 || other.text_bytes == 0 ? 0 : std::max(column.text_bytes, other.text_bytes);
    }
}

}  // namespace

ShardSet::ShardSet(const comm::Communicator& comm, const std::vector<fs::path>& inputs, const ShardReadOptions& options)
    : options_(options) {
  const std::vector<fs::path> files = list_together(comm, inputs);
  std::vector<ShardHeader> headers = share_headers(comm, files, options);
  comm::agree(comm, [&] {
    for (const ShardHeader& header : headers) check_same_columns(headers.front(), header);
  });
  columns_ = headers.front().columns;
  widen_columns(headers, columns_);
  std::int64_t begin = 0;
  for (ShardHeader& header : headers) {
    const Range rows{begin, begin + header.rows};
    begin = rows.end;
    shards_.push_back({std::move(header), rows});
  }
}

int ShardSet::column_index(const std::string& name) const {
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (columns_[i].name == name) return static_cast<int>(i);
  return -1;
}

std::vector<fs::path> ShardSet::paths() const {
  std::vector<fs::path> all;
  for (const PlacedShard& shard : shards_) all.push_back(shard.header.path);
  return all;
}

std::int64_t ShardSet::bytes() const {
  std::int64_t total = 0;
  for (const PlacedShard& shard : shards_) total += shard.header.file_bytes;
  return total;
}

ShardSet ShardSet::selected(std::shared_ptr<const RowSelection> selection) const {
  ShardSet other;
  other.shards_ = shards_;
  other.columns_ = columns_;
  other.options_ = options_;
  other.selection_ = std::move(selection);
  return other;
}

RowPlace ShardSet::place_of(std::int64_t row) const {
  const std::int64_t stored = selection_ ? selection_->row_at(row) : row;
  const auto shard =
      std::ranges::find_if(shards_, [stored](const PlacedShard& each) { return each.rows.contains(stored); });
  return {shard->header.path, stored - shard->rows.begin};
}

const ShardFile& ShardSet::opened(std::size_t shard) const {
  if (!open_.empty() && open_.front().index == shard) return open_.front().file;
  if (!open_.empty()) open_.front().file.release();  // only the shard in use holds decoded chunks
  const auto found =
      std::find_if(open_.begin(), open_.end(), [&](const OpenShard& open) { return open.index == shard; });
  if (found != open_.end()) {
    open_.splice(open_.begin(), open_, found);
  } else {
    if (open_.size() == max_open_shards) open_.pop_back();
    open_.push_front({shard, ShardFile(shards_[shard].header, options_)});
  }
  return open_.front().file;
}

std::size_t ShardSet::column_in(const ShardFile& file, int column) const {
  const std::string& name = columns_[static_cast<std::size_t>(column)].name;
  const auto& columns = file.header().columns;
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const StoredColumn& c) { return c.name == name; });
  return static_cast<std::size_t>(found - columns.begin());  // the constructor checked that it is there
}

// use(file, rows within the file, offset within the asked rows) for every shard that holds some of `rows`.
template <class Use>
void ShardSet::for_each_part(Range rows, Use use) const {
  for (std::size_t s = 0; s < shards_.size(); ++s) {
    const Range shared = intersection(rows, shards_[s].rows);
    if (shared.is_empty()) continue;
    const std::int64_t first = shards_[s].rows.begin;
    use(opened(s), Range{shared.begin - first, shared.end - first},
        static_cast<std::size_t>(shared.begin - rows.begin));
  }
}

// read(stored rows, where their values go) in blocks, and keeps the values of selected rows.
template <class T, class Read>
void ShardSet::read_selected(Range rows, std::span<T> out, Read read) const {
  if (!selection_) return read(rows, out);
  const Range around = selection_->around(rows);
  std::vector<T> block;
  for (std::int64_t begin = around.begin; begin < around.end; begin += block_rows) {
    const Range stored{begin, std::min(begin + block_rows, around.end)};
    const Range places{selection_->count_before(stored.begin), selection_->count_before(stored.end)};
    if (places.is_empty()) continue;
    std::span<T> kept =
        out.subspan(static_cast<std::size_t>(places.begin - rows.begin), static_cast<std::size_t>(places.size()));
    if (places.size() == stored.size()) {
      read(stored, kept);
      continue;
    }
    block.resize(static_cast<std::size_t>(stored.size()));
    read(stored, std::span(block));
    auto next = kept.begin();
    for (std::int64_t row = stored.begin; row < stored.end; ++row)
      if (selection_->contains(row)) *next++ = std::move(block[static_cast<std::size_t>(row - stored.begin)]);
  }
}

void ShardSet::read_numbers(int column, Range rows, std::span<double> out) const {
  read_selected(rows, out, [&](Range stored, std::span<double> values) {
    for_each_part(stored, [&](const ShardFile& file, Range part, std::size_t at) {
      file.read_numbers(column_in(file, column), part, values.subspan(at, static_cast<std::size_t>(part.size())));
    });
  });
}

void ShardSet::prefetch(int column, Range rows) const {
  try {
    for_each_part(selection_ ? selection_->around(rows) : rows, [&](const ShardFile& file, Range part, std::size_t) {
      file.prefetch(column_in(file, column), part);
    });
  } catch (const Error&) {  // a shard that cannot be opened: reading it says why
  }
}

void ShardSet::read_integers(int column, Range rows, std::span<std::int64_t> out) const {
  read_selected(rows, out, [&](Range stored, std::span<std::int64_t> values) {
    for_each_part(stored, [&](const ShardFile& file, Range part, std::size_t at) {
      file.read_integers(column_in(file, column), part, values.subspan(at, static_cast<std::size_t>(part.size())));
    });
  });
}

std::vector<std::string> ShardSet::read_texts(int column, Range rows) const {
  std::vector<std::string> texts(static_cast<std::size_t>(rows.size()));
  read_selected(rows, std::span(texts), [&](Range stored, std::span<std::string> values) {
    for_each_part(stored, [&](const ShardFile& file, Range part, std::size_t at) {
      std::vector<std::string> some = file.read_texts(column_in(file, column), part);
      std::ranges::move(some, values.begin() + static_cast<std::ptrdiff_t>(at));
    });
  });
  return texts;
}

std::vector<std::string> ShardSet::sha256(const comm::Communicator& comm) const {
  const Range mine = core::local_range(comm.rank(), static_cast<std::int64_t>(shards_.size()), comm.size());
  const std::string local_digests = comm::agree(comm, [&] {
    std::string digests;
    for (std::int64_t i = mine.begin; i < mine.end; ++i)
      digests += sha256_of_file(shards_[static_cast<std::size_t>(i)].header.path);
    return digests;
  });
  std::string joined;
  for (const std::string& text : comm.allgather(local_digests)) joined += text;
  std::vector<std::string> digests;
  for (std::size_t i = 0; i < joined.size(); i += 64) digests.push_back(joined.substr(i, 64));
  return digests;
}

}  // namespace cardseg::io
