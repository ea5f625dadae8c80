#include "cardseg/portfolio/id_like_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/exact_integer.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/id_name.hpp"
#include "cardseg/core/with_commas.hpp"
#include "cardseg/portfolio/distinct_keys.hpp"
#include "cardseg/portfolio/raw_values.hpp"

namespace cardseg::portfolio {
namespace {

using core::Range;

constexpr std::int64_t least_customers = 10;     // fewer numbers differ, or count, by chance
constexpr std::int64_t least_surely_ids = 1000;  // as many different whole numbers are no amounts
constexpr std::array samples = {std::int64_t{1} << 12, std::int64_t{1} << 16, std::int64_t{1} << 20};  // rows a rank

using WholeNumbers = std::vector<std::int64_t>;

// Local. The present numbers; nothing where a value is not whole, or so large that a double may have rounded it and the
// integers themselves cannot be had.
std::optional<WholeNumbers> read_whole(const io::ShardSet& shards, const std::string& name,
                                       std::span<const double> codes, Range rows) {
  const int index = shards.column_index(name);
  const io::StoredColumn& stored = shards.columns()[static_cast<std::size_t>(index)];
  std::vector<double> values(static_cast<std::size_t>(rows.size()));
  shards.read_numbers(index, rows, values);
  replace_codes(codes, values);
  WholeNumbers whole;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    if (value != std::trunc(value)) return {};
    if (std::abs(value) >= core::most_exact_integer) {
      if (!io::is_integer(stored.type) || stored.stored_type == "uint64") return {};
      if (std::ranges::any_of(values, [](double each) { return std::isnan(each); })) return {};
      whole.resize(values.size());
      shards.read_integers(index, rows, whole);
      return whole;
    }
    whole.push_back(static_cast<std::int64_t>(value));
  }
  return whole;
}

// Local. Whether some rows prove that the column does not tell customers apart: a fraction, or a number twice.
bool is_disproved(const io::ShardSet& shards, const Column& column, Range rows) {
  std::optional<WholeNumbers> whole = read_whole(shards, column.name, column.settings.missing_codes, rows);
  if (!whole) return true;
  std::ranges::sort(*whole);
  return std::ranges::adjacent_find(*whole) != whole->end();
}

using Candidates = std::vector<Column*>;

// Collective. Removes the candidates that `rows` of some rank disprove.
void remove_disproved_by(const comm::Communicator& comm, const io::ShardSet& shards, Range rows,
                         Candidates& candidates) {
  std::vector<std::int64_t> disproved = comm::agree(comm, [&] {
    std::vector<std::int64_t> local;
    for (const Column* column : candidates) local.push_back(is_disproved(shards, *column, rows) ? 1 : 0);
    return local;
  });
  comm.allreduce_max(std::span(disproved));
  std::size_t i = 0;
  std::erase_if(candidates, [&](const Column*) { return disproved[i++] != 0; });
}

// Collective. The same by the first rows of every rank, few at first.
void remove_disproved(const comm::Communicator& comm, const io::ShardSet& shards, Candidates& candidates) {
  const Range mine = core::local_range(comm.rank(), shards.rows(), comm.size());
  const std::int64_t most = comm.max(mine.size());
  for (const std::int64_t rows : samples) {
    if (candidates.empty()) return;
    remove_disproved_by(comm, shards, {mine.begin, std::min(mine.begin + rows, mine.end)}, candidates);
    if (rows >= most) return;
  }
}

// What all rows of a column are.
struct Numbers {
  bool are_different = false;  // whole, and no two equal
  bool count_rows = false;
  std::int64_t present = 0;
};

// Collective. `codes` are missing.
Numbers examine(const comm::Communicator& comm, const io::ShardSet& shards, const std::string& name,
                std::span<const double> codes, Range rows) {
  std::optional<WholeNumbers> whole = comm::agree(comm, [&] { return read_whole(shards, name, codes, rows); });
  if (comm.max(std::int64_t{!whole}) != 0) return {};
  using Limits = std::numeric_limits<std::int64_t>;
  std::int64_t local_min = Limits::max();
  std::int64_t local_max = Limits::min();
  for (std::int64_t& number : *whole) {
    local_min = std::min(local_min, number);
    local_max = std::max(local_max, number);
    number = mixed(number);
  }
  Numbers found;
  found.present = comm.sum(std::ssize(*whole));
  const std::int64_t min = comm.min(local_min);
  const std::int64_t max = comm.max(local_max);
  found.are_different = are_distinct(comm, *whole);
  found.count_rows =
      found.are_different && found.present == shards.rows() && (min == 0 || min == 1) && max == min + shards.rows() - 1;
  return found;
}

void leave_out(Column& column, const char* reason, const std::string& what, core::Events& events) {
  column.role = Role::unused;
  column.reason = reason;
  events.warning(
      fmt::format("column {} {}, so it is no feature; where it is the id, say so with {}; to use it as a "
                  "feature, describe it in {}: [column.{}] with a line such as scale = zscore",
                  column.name, what, core::field("id"), core::field("description"), column.name));
}

void warn_of_few(const std::vector<std::string>& names, std::int64_t customers, core::Events& events) {
  if (names.empty()) return;
  events.warning(
      fmt::format("column{} {}: a different whole number for each of the {} customers; used as {}, because "
                  "amounts of so few customers differ, too; exclude what is an id",
                  names.size() == 1 ? "" : "s", fmt::join(names, ", "), core::with_commas(customers),
                  names.size() == 1 ? "a feature" : "features"));
}

// Numbers of branches or products repeat, and are no amounts either.
void warn_of_named_like_ids(const io::ShardSet& shards, const Schema& schema, core::Events& events) {
  for (const Column& column : schema.columns) {
    const io::StoredColumn& stored = shards.columns()[static_cast<std::size_t>(shards.column_index(column.name))];
    if (column.role == Role::feature && !column.is_described && io::is_integer(stored.type) &&
        core::id_name(column.name) == core::IdName::suspect)
      events.warning(
          fmt::format("column {} is named like a key; its numbers are used as amounts; exclude it where they "
                      "are not",
                      column.name));
  }
}

Candidates candidates_of(Schema& schema) {
  Candidates candidates;
  for (Column& column : schema.columns)
    if (column.role == Role::feature && column.kind == Kind::number && !column.is_described)
      candidates.push_back(&column);
  return candidates;
}

}  // namespace

Schema leave_out_id_like(const comm::Communicator& comm, const io::ShardSet& shards, Schema schema,
                         core::Events& events) {
  if (shards.rows() < least_customers) return schema;
  const Range mine = core::local_range(comm.rank(), shards.rows(), comm.size());
  Candidates candidates = candidates_of(schema);
  remove_disproved(comm, shards, candidates);
  std::vector<std::string> few;
  for (Column* column : candidates) {
    const std::vector<double>& codes = column->settings.missing_codes;
    Numbers numbers = examine(comm, shards, column->name, {}, mine);  // a counter goes through the codes, too
    if (!numbers.are_different && !codes.empty()) numbers = examine(comm, shards, column->name, codes, mine);
    if (!numbers.are_different) continue;
    const bool is_suspect = core::id_name(column->name) != core::IdName::none;
    if (numbers.count_rows)
      leave_out(*column, "counts rows", "counts rows", events);
    else if (numbers.present >= least_surely_ids || (is_suspect && numbers.present == shards.rows()))
      leave_out(*column, "different for every customer", "holds a different whole number for every customer", events);
    else if (numbers.present == shards.rows())
      few.push_back(column->name);
  }
  warn_of_few(few, shards.rows(), events);
  warn_of_named_like_ids(shards, schema, events);
  comm::agree(comm, [&] { check_any_feature(schema); });
  return schema;
}

}  // namespace cardseg::portfolio
