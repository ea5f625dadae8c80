#include "cardseg/profile/compute_profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "cardseg/cluster/weight.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/portfolio/decimal_totals.hpp"
#include "cardseg/portfolio/encoder.hpp"
#include "cardseg/portfolio/learn_levels.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/portfolio/raw_values.hpp"
#include "profile/associations.hpp"
#include "profile/number_groups.hpp"

namespace cardseg::profile {
namespace {

using portfolio::Column;
using portfolio::Grouping;
using portfolio::Kind;

constexpr double largest_value = 1e150;  // larger ones could not be squared and added
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// What every column is profiled by.
struct Portfolio {
  const comm::Communicator& comm;
  const io::ShardSet& shards;
  const Grouping& groups;
  core::Events& events;

  core::Range rows() const { return core::local_range(comm.rank(), shards.rows(), comm.size()); }
};

bool may_fill_gaps(const Column& column) {
  switch (column.settings.missing) {
    case portfolio::Missing::mean:
    case portfolio::Missing::median:
    case portfolio::Missing::zero:
    case portfolio::Missing::mode: return true;
    case portfolio::Missing::indicator: return column.kind != Kind::category;  // there a level of its own
    case portfolio::Missing::error: return false;
  }
  return false;
}

// Makes infinite and enormous values missing; how many there were.
std::int64_t replace_unusable(std::span<double> values) {
  std::int64_t replaced = 0;
  double* value = values.data();
#pragma omp parallel for schedule(static) reduction(+ : replaced)
  for (std::int64_t i = 0; i < std::ssize(values); ++i) {
    if (!(std::abs(value[i]) > largest_value)) continue;
    value[i] = nan;
    ++replaced;
  }
  return replaced;
}

// Collective. The raw numbers of a column of numbers; NaN is missing.
std::vector<double> read_numbers(const Portfolio& all, const Column& column) {
  if (column.is_value()) return portfolio::read_raw_column(all.comm, all.shards, column).values;
  std::int64_t unusable = 0;
  std::vector<double> values = comm::agree(all.comm, [&] {
    std::vector<double> read(static_cast<std::size_t>(all.rows().size()));
    all.shards.read_numbers(all.shards.column_index(column.name), all.rows(), read);
    portfolio::replace_codes(column.settings.missing_codes, read);
    unusable = replace_unusable(read);
    return read;
  });
  if (const std::int64_t count = all.comm.sum(unusable); count > 0)
    all.events.warning(
        fmt::format("column {} holds {} values that are infinite or above 1e150 in magnitude: the profile "
                    "counts them as missing",
                    column.name, count));
  return values;
}

NumberProfile number_profile(const NumberGroup& group, const NumberGroup& whole, const ProfiledColumn& profiled) {
  NumberProfile made;
  made.present = {group.present};
  made.missing = {group.customers - group.present};
  made.imputed = {profiled.are_gaps_filled ? made.missing.customers : 0};
  made.zeros = {group.zeros};
  made.mean = {group.mean};
  made.sd = {group.sd()};
  for (std::size_t q = 0; q < quantile_shares.size(); ++q) made.quantile[q] = {group.quantile[q]};
  if (profiled.column.kind != Kind::date && whole.mean > 0.0) made.index = {100.0 * group.mean / whole.mean};
  if (whole.sd() > 0.0) made.effect = {group.from_whole / whole.sd()};
  made.overlap = {group.overlap};
  made.dominance = group.dominance;
  return made;
}

// Eta squared: the sum of squares between segments over that between and within them.
double eta_squared(const std::vector<NumberGroup>& groups) {
  double within = 0.0;
  double between = 0.0;
  double all = 0.0;
  double moment = 0.0;
  for (std::size_t g = 1; g < groups.size(); ++g) {
    if (groups[g].present == 0) continue;
    const auto n = static_cast<double>(groups[g].present);
    all += n;
    moment += n * groups[g].from_whole;
    within += groups[g].squares;
  }
  for (std::size_t g = 1; g < groups.size(); ++g) {
    if (groups[g].present == 0) continue;
    const double difference = groups[g].from_whole - moment / all;
    between += static_cast<double>(groups[g].present) * difference * difference;
  }
  return between + within > 0.0 ? between / (between + within) : nan;
}

void set_totals(const Portfolio& all, const Column& column, std::span<const double> values,
                std::vector<NumberProfile>& numbers) {
  const portfolio::GroupTotals totals = portfolio::total_decimals_by_group(
      all.comm, values, all.groups, portfolio::decimals_stored_as(all.shards, column.name));
  for (std::size_t g = 0; g < numbers.size(); ++g) {
    const double total = g == 0 ? totals.all : totals.by_group[g - 1];
    numbers[g].total = {total};
    if (totals.all != 0.0) numbers[g].total_share = {total / totals.all};
  }
}

// Collective.
ColumnProfile profile_numbers(const Portfolio& all, const ProfiledColumn& profiled, std::span<const double> values) {
  ColumnProfile made{profiled.column, profiled.is_in_distance, {}, {}, {}, {}, {}};
  GroupedNumbers found = compute_number_groups(all.comm, values, all.groups);
  const std::vector<NumberGroup>& groups = found.groups;
  for (const NumberGroup& group : groups) made.numbers.push_back(number_profile(group, groups[0], profiled));
  if (profiled.column.is_value()) set_totals(all, profiled.column, values, made.numbers);
  made.separation = {eta_squared(groups)};
  made.bins = std::move(found.bins);
  return made;
}

// Customers by group and level; the whole first.
struct LevelCounts {
  std::vector<std::string> levels;
  CountTable counts;                  // [group][level]
  std::vector<std::int64_t> missing;  // [group]
};

// Collective. The customers of each group with each known level, with others behind these, and missing ones last.
CountTable count_levels(const Portfolio& all, const Column& column, std::span<const double> raw) {
  const auto places = static_cast<std::int64_t>(column.levels.known.size()) + 2;
  std::vector<std::int64_t> counts(static_cast<std::size_t>(all.groups.groups * places));
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const std::int64_t place = std::isnan(raw[i]) ? places - 1 : static_cast<std::int64_t>(raw[i]);
    ++counts[static_cast<std::size_t>(all.groups.group[i] * places + place)];
  }
  all.comm.allreduce_sum(std::span(counts));
  CountTable table(1, std::vector<std::int64_t>(static_cast<std::size_t>(places)));  // of all first
  for (auto next = counts.begin(); next != counts.end(); next += places) {
    table.emplace_back(next, next + places);
    std::ranges::transform(table[0], table.back(), table[0].begin(), std::plus());
  }
  table.pop_back();  // those of no segment
  return table;
}

// Collective. `column`: with its levels.
LevelCounts level_counts(const Portfolio& all, const Column& column, std::span<const double> raw) {
  LevelCounts found;
  found.counts = count_levels(all, column, raw);
  for (const portfolio::Level& level : column.levels.known) found.levels.push_back(level.name);
  for (auto& row : found.counts) {
    found.missing.push_back(row.back());
    row.pop_back();
  }
  if (found.counts[0].back() > 0)
    found.levels.emplace_back(portfolio::other_level);
  else
    for (auto& row : found.counts) row.pop_back();
  return found;
}

std::int64_t sum_of(const std::vector<std::int64_t>& counts) {
  std::int64_t sum = 0;
  for (const std::int64_t count : counts) sum += count;
  return sum;
}

double ratio(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : nan;
}

CategoryProfile category_profile(const LevelCounts& found, std::size_t group, bool are_gaps_filled) {
  const std::vector<std::int64_t>& here = found.counts[group];
  const std::vector<std::int64_t>& whole = found.counts[0];
  CategoryProfile made;
  made.present = {sum_of(here)};
  made.missing = {found.missing[group]};
  made.imputed = {are_gaps_filled ? found.missing[group] : 0};
  for (std::size_t l = 0; l < here.size(); ++l) {
    const double share = ratio(here[l], made.present.customers);
    const double of_all = ratio(whole[l], sum_of(whole));
    made.levels.push_back({{here[l]}, {share}, {of_all > 0.0 ? 100.0 * share / of_all : nan}});
  }
  made.effect = {group == 0 ? 0.0 : cramers_v_of_group(here, whole)};
  made.overlap = {group == 0 && sum_of(whole) > 0 ? 1.0 : overlap_of(here, whole)};
  return made;
}

CountTable by_segment(const CountTable& counts) { return {counts.begin() + 1, counts.end()}; }

// Collective. `profiled`: with its levels.
ColumnProfile profile_levels(const Portfolio& all, const ProfiledColumn& profiled, std::span<const double> raw) {
  const LevelCounts found = level_counts(all, profiled.column, raw);
  ColumnProfile made{profiled.column, profiled.is_in_distance, found.levels, {}, {}, {}, {}};
  for (std::size_t g = 0; g < found.counts.size(); ++g)
    made.categories.push_back(category_profile(found, g, profiled.are_gaps_filled));
  made.separation = {squared_cramers_v(by_segment(found.counts))};
  return made;
}

// Collective. `column`: with its levels.
Crosstab cross(const Portfolio& all, const Column& column, std::span<const double> raw) {
  LevelCounts found = level_counts(all, column, raw);
  Crosstab made{column, found.levels, {}, {}};
  made.cramers_v = {std::sqrt(squared_cramers_v(by_segment(found.counts)))};
  const bool has_missing = found.missing[0] > 0;
  if (has_missing) made.levels.emplace_back(portfolio::missing_level);
  for (std::size_t g = 0; g < found.counts.size(); ++g) {
    std::vector<Count>& row = made.counts.emplace_back();
    for (const std::int64_t count : found.counts[g]) row.push_back({count});
    if (has_missing) row.push_back({found.missing[g]});
  }
  return made;
}

// Collective. The raw numbers of a column of levels, which are learned where nobody has; says why where it has none.
std::optional<std::vector<double>> read_known_levels(const Portfolio& all, Column& column, const char* what) {
  std::vector<double> raw;
  if (!column.levels.empty()) {
    comm::agree(all.comm, [&] {
      raw.resize(static_cast<std::size_t>(all.rows().size()));
      portfolio::read_levels(all.shards, column, all.rows(), false, raw);
    });
    return raw;
  }
  if (!portfolio::learn_column_levels(all.comm, all.shards, column, raw)) {
    all.events.info(fmt::format("column {} has more than {} levels: {} leaves it out", column.name,
                                column.settings.max_levels, what));
    return std::nullopt;
  }
  if (column.levels.empty() && column.levels.other == 0) return std::nullopt;
  return raw;
}

// A column of which there is a table by segment, as a category: numbers and flags by their values.
Column as_category(Column column) {
  if (column.has_levels()) return column;
  column.kind = Kind::category;
  column.levels = {};
  column.levels.are_texts = false;
  return column;
}

std::vector<Count> group_customers(const Portfolio& all) {
  const std::vector<std::int64_t> counts = portfolio::count_by_group(all.comm, all.groups);
  std::vector<Count> customers = {{sum_of(counts)}};
  for (const std::int64_t count : counts) customers.push_back({count});
  customers.pop_back();  // those of no segment
  return customers;
}

}  // namespace

std::vector<ProfiledColumn> profiled_columns(const portfolio::Schema& schema,
                                             const std::vector<std::string>& in_distance) {
  std::vector<ProfiledColumn> columns;
  for (const Column& column : schema.columns) {
    const bool is_unused = column.role == portfolio::Role::unused && column.kind != Kind::date;
    if (column.role == portfolio::Role::id || is_unused) continue;
    const bool is_in_distance = std::ranges::find(in_distance, column.name) != in_distance.end();
    columns.push_back({column, is_in_distance, is_in_distance && may_fill_gaps(column)});
  }
  return columns;
}

Profile compute_profile(const comm::Communicator& comm, const io::ShardSet& shards, std::vector<ProfiledColumn> columns,
                        const Grouping& local_groups, core::Events& events) {
  const Portfolio all{comm, shards, local_groups, events};
  Profile profile;
  profile.segments = local_groups.groups - 1;
  profile.customers = group_customers(all);
  for (const Count& each : profile.customers) profile.mass.push_back({cluster::mass_of(each.customers)});
  for (std::size_t i = 0; i < columns.size(); ++i) {
    ProfiledColumn& each = columns[i];
    events.progress("profile", static_cast<std::int64_t>(i), std::ssize(columns), each.column.name);
    if (i + 1 < columns.size()) shards.prefetch(shards.column_index(columns[i + 1].column.name), all.rows());
    if (!each.column.has_levels()) {
      profile.columns.push_back(profile_numbers(all, each, read_numbers(all, each.column)));
      continue;
    }
    const std::optional<std::vector<double>> raw = read_known_levels(all, each.column, "the profile");
    if (!raw) continue;
    const bool is_ordinal = each.column.kind == Kind::ordinal;
    profile.columns.push_back(is_ordinal ? profile_numbers(all, each, *raw) : profile_levels(all, each, *raw));
  }
  for (const ProfiledColumn& each : columns) {
    Column crossed = as_category(each.column);
    if (!each.column.is_crossed) continue;
    if (const auto raw = read_known_levels(all, crossed, "the table by segment"))
      profile.crosstabs.push_back(cross(all, crossed, *raw));
  }
  events.progress("profile", std::ssize(columns), std::ssize(columns));
  return profile;
}

}  // namespace cardseg::profile
