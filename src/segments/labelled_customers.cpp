#include "cardseg/segments/labelled_customers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/number_text.hpp"
#include "cardseg/core/row_blocks.hpp"
#include "cardseg/segments/label_files.hpp"
#include "cardseg/segments/pseudonyms.hpp"
#include "cardseg/segments/reasons.hpp"

namespace cardseg::segments {
namespace {

using core::Error;
using core::ExitCode;
using core::Range;

constexpr std::string_view label_columns[] = {"segment", "distance", "second_segment", "margin"};

void check_is_labels(const io::ShardSet& labels) {
  for (std::string_view column : label_columns) {
    const int index = labels.column_index(std::string(column));
    if (index >= 0 && labels.columns()[static_cast<std::size_t>(index)].type != io::ColumnType::text) continue;
    throw Error(ExitCode::bad_data, fmt::format("it is no label file: there is no column '{}' of numbers", column))
        .in_file(labels.shards().front().header.path.string())
        .remedy("Name the directory of a run of fit or assign");
  }
}

// labels/ of a run, or a directory that holds label files itself.
std::filesystem::path label_directory(const std::filesystem::path& run) {
  std::error_code unreachable;
  if (std::filesystem::is_directory(run / "labels", unreachable)) return run / "labels";
  if (std::filesystem::is_directory(run, unreachable))
    for (const auto& entry : std::filesystem::directory_iterator(run, unreachable))
      if (entry.path().extension() == ".h5" || entry.path().extension() == ".hdf5") return run;
  throw Error(ExitCode::input_missing, "there are no labels in this directory")
      .in_file(run.string())
      .remedy("Name the directory of a run of fit or assign");
}

// The column that is none of the others, reasons aside.
int id_index(const io::ShardSet& labels) {
  const auto is_id = [](const io::StoredColumn& column) {
    return std::ranges::find(label_columns, column.name) == std::end(label_columns) && column.name != reason_column &&
           !is_reason_column(column.name);
  };
  const auto others = std::ranges::count_if(labels.columns(), is_id);
  const auto id = others == 0 ? std::ranges::find(labels.columns(), reason_column, &io::StoredColumn::name)
                              : std::ranges::find_if(labels.columns(), is_id);
  if (others <= 1 && id != labels.columns().end()) return static_cast<int>(id - labels.columns().begin());
  throw Error(ExitCode::bad_data, "it is no label file: beside its four columns it has one of ids")
      .in_file(labels.shards().front().header.path.string())
      .remedy("Name the directory of a run of fit or assign");
}

void check_same_files(const io::ShardSet& labels, const io::ShardSet& shards) {
  const auto file_of = [](const io::PlacedShard& shard) { return shard.header.path.filename().string(); };
  const auto is_same = [&](const io::PlacedShard& a, const io::PlacedShard& b) {
    return file_of(a) == file_of(b) && a.rows.size() == b.rows.size();
  };
  if (std::ranges::equal(labels.shards(), shards.shards(), is_same)) return;
  throw Error(ExitCode::bad_data,
              fmt::format("the labels are not of these shards: {} files with {} rows are labelled, {} with {} are here",
                          labels.shards().size(), labels.rows(), shards.shards().size(), shards.rows()))
      .remedy("Name the shards that the run was made of, or score these with 'cardseg assign' first");
}

}  // namespace

std::vector<std::string> id_texts(const io::ShardSet& table, int column, Range rows) {
  if (table.columns()[static_cast<std::size_t>(column)].type == io::ColumnType::text)
    return table.read_texts(column, rows);
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(rows.size()));
  table.read_integers(column, rows, numbers);
  std::vector<std::string> texts;
  texts.reserve(numbers.size());
  for (std::int64_t number : numbers) texts.push_back(std::to_string(number));
  return texts;
}

LabelledCustomers::LabelledCustomers(const comm::Communicator& comm, const std::filesystem::path& run)
    : labels_(comm, {comm::agree(comm, [&] { return label_directory(run); })}) {
  comm::agree(comm, [&] {
    check_is_labels(labels_);
    id_ = id_index(labels_);
  });
}

bool LabelledCustomers::has_text_ids() const {
  return labels_.columns()[static_cast<std::size_t>(id_)].type == io::ColumnType::text;
}

bool LabelledCustomers::has_pseudonyms() const { return id_column() == pseudonym_column; }

bool LabelledCustomers::has_reasons() const {
  const int index = labels_.column_index(reason_column);
  return index >= 0 && index != id_;
}

std::shared_ptr<const io::RowSelection> LabelledCustomers::segmented(const comm::Communicator& comm) const {
  if (!has_reasons()) return nullptr;
  const Range mine = core::local_range(comm.rank(), rows(), comm.size());
  const std::vector<std::uint8_t> local = comm::agree(comm, [&] {
    std::vector<std::uint8_t> is_segmented;
    is_segmented.reserve(static_cast<std::size_t>(mine.size()));
    core::for_each_block(mine, [&](Range block) {
      for (const std::int64_t segment : segments(block)) is_segmented.push_back(segment == 0 ? 0 : 1);
    });
    return is_segmented;
  });
  return io::gather_selection(comm, rows(), local);
}

void LabelledCustomers::select(std::shared_ptr<const io::RowSelection> segmented) {
  labels_ = labels_.selected(std::move(segmented));
}

void LabelledCustomers::check_key(const std::string& key) const {
  if (key.empty() || !has_pseudonyms()) return;
  throw Error(ExitCode::usage, "the labels hold pseudonyms already").remedy("Leave out " + core::field("pseudonymise"));
}

std::vector<std::string> LabelledCustomers::ids(Range rows) const { return id_texts(labels_, id_, rows); }

std::vector<std::int64_t> LabelledCustomers::integers(const char* column, Range rows) const {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(rows.size()));
  labels_.read_integers(labels_.column_index(column), rows, numbers);
  return numbers;
}

std::vector<std::int64_t> LabelledCustomers::segments(Range rows) const { return integers("segment", rows); }
std::vector<std::int64_t> LabelledCustomers::seconds(Range rows) const { return integers("second_segment", rows); }

std::vector<std::string> LabelledCustomers::reasons(Range rows) const {
  return labels_.read_texts(labels_.column_index(reason_column), rows);
}

std::vector<double> LabelledCustomers::numbers(const char* column, Range rows) const {
  std::vector<double> numbers(static_cast<std::size_t>(rows.size()));
  labels_.read_numbers(labels_.column_index(column), rows, numbers);
  for (double& number : numbers) number = core::widened(static_cast<float>(number));
  return numbers;
}

std::vector<double> LabelledCustomers::distances(Range rows) const { return numbers("distance", rows); }
std::vector<double> LabelledCustomers::margins(Range rows) const { return numbers("margin", rows); }

void LabelledCustomers::check_same_customers(const comm::Communicator& comm, const io::ShardSet& shards) const {
  comm::agree(comm, [&] {
    check_same_files(labels_, shards);
    const int id = shards.column_index(id_column());
    if (id < 0) return;
    const Range mine = core::local_range(comm.rank(), rows(), comm.size());
    core::for_each_block(mine, [&](Range block) {
      const std::vector<std::string> labelled = ids(block);
      const std::vector<std::string> stored = id_texts(shards, id, block);
      const auto [differs, unused] = std::ranges::mismatch(labelled, stored);
      if (differs == labelled.end()) return;
      const std::int64_t row = block.begin + (differs - labelled.begin());
      const io::RowPlace place = shards.place_of(row);
      throw Error(ExitCode::bad_data, "the labels are of another customer")
          .in_file(place.file.string())
          .in_column(id_column())
          .at_row(place.row)
          .remedy("Name the shards that the run was made of, or score these with 'cardseg assign' first");
    });
  });
}

}  // namespace cardseg::segments
