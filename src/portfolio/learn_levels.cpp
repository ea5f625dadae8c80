#include "cardseg/portfolio/learn_levels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <unordered_map>

#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/exchange.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/mix_bits.hpp"
#include "cardseg/core/with_commas.hpp"
#include "cardseg/portfolio/raw_values.hpp"

namespace cardseg::portfolio {
namespace {

using core::Error;
using core::ExitCode;
using core::Range;

constexpr std::int64_t block_rows = std::int64_t{1} << 16;
constexpr std::int64_t most_different = std::int64_t{1} << 17;  // levels of a described category that a rank counts
constexpr std::int64_t most_known = 4096;

using Counts = std::unordered_map<std::string, std::int64_t>;
constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

// Calls use(row in `rows`, level's name or number; an empty name or NaN is missing) for the rows of a column, block by
// block, until it returns false. How many were each of the column's missing codes.
template <class Use>
std::vector<std::int64_t> for_each_level(const io::ShardSet& shards, const Column& column, Range rows, Use use) {
  const int index = shards.column_index(column.name);
  std::vector<double> numbers;
  std::vector<std::int64_t> replaced;
  for (std::int64_t begin = rows.begin; begin < rows.end; begin += block_rows) {
    const Range block{begin, std::min(begin + block_rows, rows.end)};
    const std::int64_t first = begin - rows.begin;
    if (column.levels.are_texts) {
      const std::vector<std::string> texts = shards.read_texts(index, block);
      for (std::int64_t i = 0; i < block.size(); ++i)
        if (!use(first + i, std::string_view(texts[static_cast<std::size_t>(i)]))) return {};
    } else {
      numbers.resize(static_cast<std::size_t>(block.size()));
      shards.read_numbers(index, block, numbers);
      const std::vector<std::int64_t> more = replace_codes(column.settings.missing_codes, numbers);
      replaced.resize(more.size());
      std::ranges::transform(more, replaced, replaced.begin(), std::plus());
      for (std::int64_t i = 0; i < block.size(); ++i)
        if (!use(first + i, numbers[static_cast<std::size_t>(i)])) return replaced;
    }
  }
  return replaced;
}

bool is_missing(std::string_view name) { return name.empty(); }
bool is_missing(double number) { return std::isnan(number); }

// The different levels that a rank has seen, numbered as they come.
class SeenLevels {
 public:
  std::size_t number_of(std::string_view name) {
    const auto found = by_name_.find(name);
    if (found != by_name_.end()) return found->second;
    names_.emplace_back(name);
    return by_name_.emplace(name, by_name_.size()).first->second;
  }
  std::size_t number_of(double number) {
    const auto [place, is_new] = by_number_.try_emplace(number, 0);
    if (is_new) place->second = number_of(std::string_view(level_name(number)));
    return place->second;
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> by_name_;
  std::unordered_map<double, std::size_t> by_number_;
};

// What a rank found in its rows.
struct LocalLevels {
  SeenLevels seen;
  std::vector<std::int64_t> customers;  // of each of these
  std::int64_t missing = 0;
  bool are_too_many = false;
};

// use(row, number of its level; -1: it is missing)
template <class Use>
LocalLevels count_local(const io::ShardSet& shards, const Column& column, Range rows, std::int64_t most, Use use) {
  LocalLevels found;
  for_each_level(shards, column, rows, [&](std::int64_t row, auto level) {
    if (is_missing(level)) {
      ++found.missing;
      use(row, -1);
      return true;
    }
    const std::size_t number = found.seen.number_of(level);
    if (number == found.customers.size()) found.customers.push_back(0);
    ++found.customers[number];
    use(row, static_cast<int>(number));
    found.are_too_many = std::ssize(found.customers) > most;
    return !found.are_too_many;
  });
  return found;
}

// A count and the name that it belongs to, as bytes.
std::string packed(const std::string& name, std::int64_t customers) {
  std::string bytes(sizeof customers, '\0');
  std::memcpy(bytes.data(), &customers, sizeof customers);
  return bytes + name;
}

Level unpacked(std::span<const std::byte> bytes) {
  Level level;
  std::memcpy(&level.customers, bytes.data(), sizeof level.customers);
  const auto name = bytes.subspan(sizeof level.customers);
  level.name.assign(reinterpret_cast<const char*>(name.data()), name.size());
  return level;
}

// The rank that adds up a level.
int owner_of(const std::string& name, int ranks) {
  std::uint64_t hash = 0;
  for (const char c : name) hash = core::mix_bits(hash + static_cast<unsigned char>(c) + 1);
  return static_cast<int>(hash % static_cast<std::uint64_t>(ranks));
}

// Collective. The customers of those levels that this rank owns, on all ranks together.
Counts owned_counts(const comm::Communicator& comm, const LocalLevels& local) {
  const comm::Outbox outbox = comm::agree(comm, [&] {
    comm::Outbox made(comm.size());
    for (std::size_t i = 0; i < local.customers.size(); ++i) {
      const std::string& name = local.seen.names()[i];
      const std::string bytes = packed(name, local.customers[i]);
      made.add(owner_of(name, comm.size()), std::as_bytes(std::span(bytes)));
    }
    return made;
  });
  Counts owned;
  comm::exchange(comm, outbox, [&](int, std::span<const std::byte> bytes) {
    const Level level = unpacked(bytes);
    owned[level.name] += level.customers;
  });
  return owned;
}

// Collective. The levels that any rank has.
std::vector<Level> gathered(const comm::Communicator& comm, const std::vector<Level>& local) {
  const comm::Outbox outbox = comm::agree(comm, [&] {
    comm::Outbox made(comm.size());
    for (const Level& level : local) {
      const std::string bytes = packed(level.name, level.customers);
      for (int rank = 0; rank < comm.size(); ++rank) made.add(rank, std::as_bytes(std::span(bytes)));
    }
    return made;
  });
  std::vector<Level> all;
  comm::exchange(comm, outbox, [&](int, std::span<const std::byte> bytes) { all.push_back(unpacked(bytes)); });
  return all;
}

bool comes_before(const Level& a, const Level& b) {
  return a.customers != b.customers ? a.customers > b.customers : a.name < b.name;
}

void leave_out_many(Column& column, core::Events& events) {
  column.role = Role::profile;
  column.reason = fmt::format("more than {} levels", column.settings.max_levels);
  events.info(
      fmt::format("column {} has more than {} different texts and is not used; describe it as a category where "
                  "it is one: [column.{}] type = category",
                  column.name, column.settings.max_levels, column.name));
}

[[noreturn]] void refuse_levels(const Column& column, const std::string& how_many, const std::string& remedy) {
  Error error(ExitCode::bad_data, fmt::format("the category has {} levels", how_many));
  throw comm::AgreedError(error.in_column(column.name).remedy(remedy));
}

// Levels of a category that were counted, or were too many.
enum class Learned { levels, nothing_present, too_many };

// Collective. Sets the levels of a column as ranks counted them, unless it has more than `most` different ones.
Learned set_levels(const comm::Communicator& comm, const io::ShardSet& shards, const LocalLevels& local,
                   std::int64_t most, Column& column) {
  const bool are_too_many_here = comm.max(std::int64_t{local.are_too_many}) != 0;
  const Counts owned = are_too_many_here ? Counts() : owned_counts(comm, local);
  const std::int64_t different = comm.sum(std::ssize(owned));
  if (are_too_many_here || different > most) return Learned::too_many;
  const bool has_others = column.settings.unseen == Unseen::other;
  const std::int64_t least_customers = has_others ? column.settings.least_customers : 0;
  const double least =
      std::max(static_cast<double>(shards.rows()) * column.settings.min_level, static_cast<double>(least_customers));
  std::vector<Level> frequent;
  std::int64_t rare = 0;
  for (const auto& [name, customers] : owned) {
    if (static_cast<double>(customers) >= least)
      frequent.push_back({name, customers});
    else
      rare += customers;
  }
  if (const std::int64_t known = comm.sum(std::ssize(frequent)); known > most_known)
    refuse_levels(column, core::with_commas(known) + " frequent", "Pool more of them: min_level = 0.1%");
  Levels& levels = column.levels;
  levels.known = gathered(comm, frequent);
  const auto told = [&](std::int64_t customers) { return customers > 0 ? std::max(customers, least_customers) : 0; };
  levels.other = told(comm.sum(rare));
  levels.missing = column.settings.missing == Missing::indicator ? told(comm.sum(local.missing)) : 0;
  std::ranges::sort(levels.known, comes_before);
  for (std::size_t i = 0; i < levels.known.size(); ++i) levels.known[i].value = static_cast<double>(i);
  return different == 0 ? Learned::nothing_present : Learned::levels;
}

// Collective. Sets the levels of a feature, or leaves it out.
void learn(const comm::Communicator& comm, const io::ShardSet& shards, Column& column, core::Events& events) {
  const bool is_asked_for = column.is_described || !column.levels.are_texts;
  const std::int64_t most = is_asked_for ? most_different : column.settings.max_levels;
  const Range mine = core::local_range(comm.rank(), shards.rows(), comm.size());
  const LocalLevels local =
      comm::agree(comm, [&] { return count_local(shards, column, mine, most, [](std::int64_t, int) {}); });
  switch (set_levels(comm, shards, local, most, column)) {
    case Learned::levels: return;
    case Learned::nothing_present:
      if (column.is_described) return;
      column.levels.missing = 0;
      column.role = Role::unused;
      column.reason = "every value is missing";
      return;
    case Learned::too_many:
      if (is_asked_for)
        refuse_levels(column, "more than " + core::with_commas(most_different),
                      "Is it free text, or an id? Exclude it, or group its values first");
      leave_out_many(column, events);
  }
}

void set_order(Column& column) {
  const ColumnSettings& settings = column.settings;
  for (std::size_t i = 0; i < settings.order.size(); ++i)
    column.levels.known.push_back(
        {settings.order[i], 0, settings.scores.empty() ? static_cast<double>(i) : settings.scores[i]});
}

std::optional<double> found(const LevelLookup& lookup, std::string_view name) { return lookup.find(name); }
std::optional<double> found(const LevelLookup& lookup, double number) { return lookup.find(number); }

[[noreturn]] void refuse_unknown(const io::ShardSet& shards, const Column& column, std::int64_t global_row) {
  const io::RowPlace place = shards.place_of(global_row);
  const bool is_ordinal = column.kind == Kind::ordinal;
  Error error(ExitCode::bad_data, is_ordinal ? "the level is not one of the column's order"
                                             : "the level is not one that the fit knew, and 'unseen = error' is set");
  throw error.in_file(place.file.string())
      .in_column(column.name)
      .at_row(place.row)
      .remedy(is_ordinal ? "Add it to order, or leave the value empty" : "Correct it, or fit with unseen = other");
}

}  // namespace

Schema learn_levels(const comm::Communicator& comm, const io::ShardSet& shards, Schema schema, core::Events& events) {
  for (Column& column : schema.columns) {
    if (column.role != Role::feature) continue;
    if (column.kind == Kind::category) learn(comm, shards, column, events);
    if (column.kind == Kind::ordinal) set_order(column);
  }
  comm::agree(comm, [&] { check_any_feature(schema); });
  return schema;
}

bool learn_column_levels(const comm::Communicator& comm, const io::ShardSet& shards, Column& column,
                         std::vector<double>& local_raw) {
  const Range mine = core::local_range(comm.rank(), shards.rows(), comm.size());
  column.levels.known.clear();
  if (column.kind == Kind::ordinal) {
    set_order(column);
    comm::agree(comm, [&] {
      local_raw.resize(static_cast<std::size_t>(mine.size()));
      read_levels(shards, column, mine, false, local_raw);
    });
    return true;
  }
  const std::int64_t most = column.settings.max_levels;
  const LocalLevels local = comm::agree(comm, [&] {
    local_raw.resize(static_cast<std::size_t>(mine.size()));
    return count_local(shards, column, mine, most,
                       [&](std::int64_t row, int number) { local_raw[static_cast<std::size_t>(row)] = number; });
  });
  if (set_levels(comm, shards, local, most, column) == Learned::too_many) return false;
  const LevelLookup lookup(column.levels);
  std::vector<double> raw;
  for (const std::string& name : local.seen.names())
    raw.push_back(lookup.find(name).value_or(column.levels.other_value()));
  for (double& value : local_raw) value = value < 0 ? no_value : raw[static_cast<std::size_t>(value)];
  return true;
}

std::vector<std::int64_t> read_levels(const io::ShardSet& shards, const Column& column, Range rows,
                                      bool refuses_unknown, std::span<double> raw) {
  const LevelLookup lookup(column.levels);
  const double unknown = column.kind == Kind::ordinal ? no_value : column.levels.other_value();
  return for_each_level(shards, column, rows, [&](std::int64_t row, auto level) {
    const std::optional<double> value = is_missing(level) ? std::optional(no_value) : found(lookup, level);
    if (!value && refuses_unknown) refuse_unknown(shards, column, rows.begin + row);
    raw[static_cast<std::size_t>(row)] = value.value_or(unknown);
    return true;
  });
}

}  // namespace cardseg::portfolio
