#include "segments/list_columns.hpp"

#include <algorithm>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/hmac.hpp"
#include "cardseg/core/nearest_name.hpp"
#include "cardseg/segments/pseudonyms.hpp"

namespace cardseg::segments {
namespace {

using core::Error;
using core::ExitCode;
using core::field;
using core::Range;
using io::ColumnSpec;
using io::ColumnType;

constexpr const char* policy = "policy";
constexpr const char* model = "model";
constexpr const char* holdout = "holdout";
constexpr const char* target = "target";

}  // namespace

int named_column(const io::ShardSet& shards, const std::string& name, const char* option) {
  const int index = shards.column_index(name);
  if (index >= 0) return index;
  std::vector<std::string> names;
  for (const io::StoredColumn& column : shards.columns()) names.push_back(column.name);
  const std::string guess = core::did_you_mean(name, names);
  throw Error(ExitCode::usage, field(option) + " names '" + name + "', but the shards have no such column")
      .remedy(guess.empty() ? "'cardseg inspect' lists the columns" : guess);
}

ListColumns::ListColumns(const ListSources& sources, const ListOptions& options, const std::string& key_column)
    : from_(sources), options_(options) {
  from_.labels.check_key(from_.key);
  if (!from_.key.empty())
    add({pseudonym_column, ColumnType::text});
  else
    add({from_.labels.id_column(), from_.labels.has_text_ids() ? ColumnType::text : ColumnType::int64});
  add({"segment", ColumnType::int32});
  for (const char* number : {"distance", "margin"}) add({number, ColumnType::float32});
  if (has_like_distance()) add({"like_distance", ColumnType::float64});
  std::vector<std::string> wanted = options.columns;
  if (!key_column.empty() && std::ranges::find(wanted, key_column) == wanted.end())
    wanted.insert(wanted.begin(), key_column);
  first_of_shards_ = specs_.size();
  for (const std::string& name : wanted) {
    const auto index = static_cast<std::size_t>(named_column(*from_.shards, name, "columns"));
    const io::StoredColumn& stored = from_.shards->columns()[index];
    add({name, stored.type, 0, stored.is_date});
  }
  end_of_shards_ = specs_.size();
  if (!options.pin.empty()) add({"placed", ColumnType::text});
  if (options.reasons.are_any())
    for (const ReasonColumn& column : reason_columns(Reasoner(*from_.model, options.reasons))) add(column.spec);
  if (options.holdout > 0) add({"group", ColumnType::text});
}

void ListColumns::add(ColumnSpec column) {
  if (std::ranges::find(specs_, column.name, &ColumnSpec::name) != specs_.end())
    throw Error(ExitCode::usage, field("columns") + " names '" + column.name + "', which the list has already")
        .remedy("Leave it out");
  specs_.push_back(std::move(column));
}

io::CsvValue ListColumns::id_value(const std::string& id) const {
  if (!from_.key.empty()) return pseudonym_of(from_.key, id);
  if (specs_.front().type == ColumnType::text) return id;
  return static_cast<std::int64_t>(std::stoll(id));
}

void ListColumns::add_values(const ColumnSpec& spec, Range block, std::vector<ListedRow>& rows) const {
  const int column = from_.shards->column_index(spec.name);
  const auto add_each = [&](const auto& values) {
    for (ListedRow& row : rows) row.values.emplace_back(values[static_cast<std::size_t>(row.place.row - block.begin)]);
  };
  if (spec.type == ColumnType::text) {
    add_each(from_.shards->read_texts(column, block));
  } else if (io::is_integer(spec.type)) {
    std::vector<std::int64_t> values(static_cast<std::size_t>(block.size()));
    from_.shards->read_integers(column, block, values);
    add_each(values);
  } else {
    std::vector<double> values(static_cast<std::size_t>(block.size()));
    from_.shards->read_numbers(column, block, values);
    add_each(values);
  }
}

std::vector<ListedRow> ListColumns::rows(Range block, std::span<const Candidate> chosen,
                                         std::span<const double> like_distance,
                                         std::span<const std::vector<io::CsvValue>> reasons) const {
  const std::vector<std::string> ids = from_.labels.ids(block);
  const std::vector<double> distances = from_.labels.distances(block);
  const std::vector<double> margins = from_.labels.margins(block);
  std::vector<ListedRow> rows;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const auto at = static_cast<std::size_t>(chosen[i].row - block.begin);
    ListedRow& row = rows.emplace_back(
        ListedRow{chosen[i], {id_value(ids[at]), std::int64_t{chosen[i].segment}, distances[at], margins[at]}});
    if (has_like_distance()) row.values.emplace_back(like_distance[i]);
  }
  for (std::size_t c = first_of_shards_; c < end_of_shards_; ++c) add_values(specs_[c], block, rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ListedRow& row = rows[i];
    const std::string& id = ids[static_cast<std::size_t>(row.place.row - block.begin)];
    if (!options_.pin.empty()) row.values.emplace_back(row.place.is_placed ? policy : model);
    if (!reasons.empty()) row.values.insert(row.values.end(), reasons[i].begin(), reasons[i].end());
    if (options_.holdout > 0)
      row.values.emplace_back(core::hmac_fraction(options_.campaign, id) < options_.holdout ? holdout : target);
  }
  return rows;
}

}  // namespace cardseg::segments
