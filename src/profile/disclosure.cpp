#include "cardseg/profile/disclosure.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cardseg/portfolio/encoder.hpp"
#include "profile/disclosed_groups.hpp"
#include "profile/disclosed_levels.hpp"
#include "profile/disclosed_numbers.hpp"

namespace cardseg::profile {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// The tables by name of column, whose cells other figures of the column share.
class Disclosure {
 public:
  Disclosure(const Profile& exact, std::int64_t min_cell)
      : min_cell_(min_cell), groups_(make_disclosed_groups(exact.customers, min_cell)) {
    for (const Crosstab& crosstab : exact.crosstabs) crossed_.push_back({crosstab.column.name, {}});
    for (std::size_t i = 0; i < crossed_.size(); ++i)
      crossed_[i].levels = disclose_levels(groups_, exact.crosstabs[i], min_cell);
  }

  void apply(Profile& profile) const {
    for (ColumnProfile& column : profile.columns) apply(profile.customers, column);
    for (std::size_t i = 0; i < crossed_.size(); ++i) disclose(groups_, crossed_[i].levels, profile.crosstabs[i]);
    for (std::size_t g = 0; g < groups_.is_withheld.size(); ++g) {
      if (!groups_.is_withheld[g]) continue;
      profile.customers[g] = {0, true};
      profile.mass[g] = {nan, true};
    }
  }

 private:
  struct Crossed {
    std::string column;
    DisclosedLevels levels;
  };

  const DisclosedLevels* crossed(const std::string& column) const {
    const auto found = std::ranges::find(crossed_, column, &Crossed::column);
    return found == crossed_.end() ? nullptr : &found->levels;
  }

  void apply(const std::vector<Count>& customers, ColumnProfile& column) const {
    const DisclosedLevels* table = crossed(column.column.name);
    if (!column.is_category())
      return disclose_numbers(groups_, customers, number_mask(column, table), min_cell_, column);
    DisclosedLevels levels = disclose_levels(groups_, column, min_cell_);
    if (table) {
      levels.by_group = coarsened(*table, levels.levels, levels.exact);
      for (std::size_t row = 0; row < levels.by_row.size(); ++row)
        if (!groups_.is_rest(row)) levels.by_row[row] = levels.by_group[groups_.group_of(row)];
    }
    disclose(groups_, levels, column);
  }

  NumberMask number_mask(const ColumnProfile& column, const DisclosedLevels* table) const {
    const std::vector<std::vector<std::int64_t>> cells = number_cells_of(column.numbers);
    if (table) {
      static const std::vector<std::string> names = {portfolio::missing_level, "0", portfolio::other_level};
      NumberMask mask = make_number_mask(coarsened(*table, names, cells));
      mask.is_crossed = true;
      return mask;
    }
    SuppressionTable counts = make_table(groups_, cells);
    counts.last_choice = missing_cell;
    return make_number_mask(by_group(groups_, withheld_cells(counts, min_cell_)));
  }

  std::int64_t min_cell_;
  DisclosedGroups groups_;
  std::vector<Crossed> crossed_;
};

void withhold(Figure& figure) { figure = {nan, true}; }

// Of fewer than the least number of customers altogether nothing is published.
void withhold_all(Profile& profile) {
  for (Count& count : profile.customers) count = {0, true};
  for (Figure& mass : profile.mass) withhold(mass);
  profile.columns.clear();
  profile.crosstabs.clear();
}

}  // namespace

core::OptionTable describe(DisclosureOptions& o) {
  return {
      "Disclosure",
      {core::number(o.min_cell, {0, 1'000'000},
                    {"min-cell", "N", core::Shapes::result,
                     "customers; figures of fewer are withheld, as are others that would tell them; 0: none are"})}};
}

void validate(const DisclosureOptions& options) {
  DisclosureOptions checked = options;
  core::validate(describe(checked));
}

Profile disclosed(Profile exact, const DisclosureOptions& options) {
  exact.min_cell = options.min_cell;
  for (ColumnProfile& column : exact.columns) column.bins = {};
  if (options.is_off()) {
    for (ColumnProfile& column : exact.columns)
      for (NumberProfile& group : column.numbers) group.dominance = {};
    return exact;
  }
  if (exact.customers[0].customers < options.min_cell) {
    withhold_all(exact);
    return exact;
  }
  const Disclosure disclosure(exact, options.min_cell);
  disclosure.apply(exact);
  return exact;
}

Profile disclosed_sizes(const std::vector<std::int64_t>& customers, const DisclosureOptions& options) {
  Profile exact;
  exact.segments = static_cast<int>(customers.size());
  exact.customers.resize(1);
  for (const std::int64_t of_segment : customers) {
    exact.customers[0].customers += of_segment;
    exact.customers.push_back({of_segment});
  }
  exact.mass.resize(exact.customers.size());
  return disclosed(std::move(exact), options);
}

}  // namespace cardseg::profile
