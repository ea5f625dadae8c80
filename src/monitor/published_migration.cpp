#include "cardseg/monitor/published_migration.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cardseg::monitor {
namespace {

using profile::Count;
using profile::Figure;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Customers by line and level, and what of them may be told.
struct Counts {
  std::vector<Count> lines;               ///< of each line
  std::vector<Count> levels;              ///< of each level, over all lines
  std::vector<std::vector<Count>> cells;  ///< [line][level]
};

// Lines need not be all: `all` has the customers of each level.
Counts disclosed_counts(const std::vector<std::vector<std::int64_t>>& lines, const std::vector<std::int64_t>& all,
                        const profile::DisclosureOptions& options) {
  profile::Profile table;
  table.segments = static_cast<int>(lines.size());
  profile::Crosstab crosstab;
  const auto add = [&](const std::vector<std::int64_t>& line) {
    std::vector<Count>& counts = crosstab.counts.emplace_back();
    Count& customers = table.customers.emplace_back();
    for (const std::int64_t count : line) {
      counts.push_back({count});
      customers.customers += count;
    }
  };
  add(all);
  for (const std::vector<std::int64_t>& line : lines) add(line);
  for (std::size_t l = 0; l < all.size(); ++l) crosstab.levels.push_back(std::to_string(l));
  table.mass.resize(table.customers.size());
  table.crosstabs.push_back(std::move(crosstab));
  profile::Profile told = profile::disclosed(std::move(table), options);
  Counts counts{{told.customers.begin() + 1, told.customers.end()}, {}, {}};
  if (told.crosstabs.empty()) {  // too few customers altogether
    counts.levels.assign(all.size(), {0, true});
    counts.cells.assign(lines.size(), counts.levels);
    return counts;
  }
  counts.levels = told.crosstabs.front().counts.front();
  counts.cells.assign(told.crosstabs.front().counts.begin() + 1, told.crosstabs.front().counts.end());
  return counts;
}

Figure told(double value, bool is_withheld) { return is_withheld ? Figure{nan, true} : Figure{value}; }

bool is_dominated(const Moved::Weight& weight, std::int64_t min_cell) {
  return (weight.customers > 0 && weight.customers < min_cell) || weight.largest > profile::most_of_one * weight.all ||
         weight.largest + weight.second > profile::most_of_two * weight.all;
}

// Cells of values by line and column, of which some are withheld.
class ValueMask {
 public:
  ValueMask(const Migration& exact, std::vector<bool> withheld) : exact_(exact), withheld_(std::move(withheld)) {
    while (complete_lines(exact.before + 1, exact.after + 1, false) ||
           complete_lines(exact.after + 1, exact.before + 1, true)) {
    }
  }
  bool at(std::size_t cell) const { return withheld_[cell]; }

 private:
  // Where one cell of a line is withheld, so is that of the fewest customers among the others. Whether any was.
  bool complete_lines(int lines, int length, bool are_columns) {
    bool has_changed = false;
    for (int line = 0; line < lines; ++line) {
      int count = 0;
      std::size_t least = exact_.cells.size();
      for (int i = 0; i < length; ++i) {
        const std::size_t cell = are_columns ? exact_.cell(i, line) : exact_.cell(line, i);
        if (exact_.cells[cell].customers == 0) continue;
        if (withheld_[cell])
          ++count;
        else if (least == exact_.cells.size() || exact_.cells[cell].customers < exact_.cells[least].customers)
          least = cell;
      }
      if (count != 1 || least == exact_.cells.size()) continue;
      withheld_[least] = true;
      has_changed = true;
    }
    return has_changed;
  }

  const Migration& exact_;
  std::vector<bool> withheld_;
};

// Which values of cells are withheld; `weight`: those before or after.
ValueMask value_mask(const Migration& exact, const PublishedMigration& told, Moved::Weight Moved::*weight,
                     std::int64_t min_cell) {
  std::vector<bool> withheld;
  for (std::size_t i = 0; i < exact.cells.size(); ++i)
    withheld.push_back(told.cells[i].customers.is_withheld ||
                       (min_cell > 0 && is_dominated(exact.cells[i].*weight, min_cell)));
  return {exact, std::move(withheld)};
}

void publish_cells(const Migration& exact, const profile::DisclosureOptions& options, PublishedMigration& told_of) {
  std::vector<std::vector<std::int64_t>> lines(static_cast<std::size_t>(exact.before) + 1);
  std::vector<std::int64_t> all;
  for (int to = 0; to <= exact.after; ++to) {
    all.push_back(exact.customers_after(to));
    for (int from = 0; from <= exact.before; ++from)
      lines[static_cast<std::size_t>(from)].push_back(exact.cells[exact.cell(from, to)].customers);
  }
  Counts counts = disclosed_counts(lines, all, options);
  for (int from = 0; from <= exact.before; ++from)
    for (int to = 0; to <= exact.after; ++to) {
      const Count& customers = counts.cells[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
      const bool is_withheld = customers.is_withheld;
      const Moved& moved = exact.cells[exact.cell(from, to)];
      const std::int64_t of_from = exact.customers_before(from);
      const double share = of_from > 0 ? static_cast<double>(moved.customers) / static_cast<double>(of_from) : nan;
      told_of.cells.push_back({customers,
                               told(moved.mass, is_withheld),
                               told(share, is_withheld || counts.lines[static_cast<std::size_t>(from)].is_withheld),
                               {moved.value_before},
                               {moved.value_after}});
    }
  told_of.from = std::move(counts.lines);
  told_of.to = std::move(counts.levels);
  const ValueMask before = value_mask(exact, told_of, &Moved::before, options.min_cell);
  const ValueMask after = value_mask(exact, told_of, &Moved::after, options.min_cell);
  for (std::size_t i = 0; i < told_of.cells.size(); ++i) {
    if (before.at(i)) told_of.cells[i].value_before = {nan, true};
    if (after.at(i)) told_of.cells[i].value_after = {nan, true};
  }
}

// The parts of a cell that has customers and may be told.
void publish_flows(const Migration& exact, const profile::DisclosureOptions& options, PublishedMigration& told_of) {
  struct Place {
    int from;
    int to;
  };
  std::vector<Place> places;
  std::vector<std::vector<std::int64_t>> lines;
  std::vector<std::int64_t> all(parts);
  for (int from = 0; from <= exact.before; ++from)
    for (int to = 0; to <= exact.after; ++to) {
      const Moved& moved = exact.cells[exact.cell(from, to)];
      if (moved.customers == 0) continue;
      std::vector<std::int64_t> line;
      for (int part = 0; part < parts; ++part) {
        line.push_back(exact.customers(from, to, static_cast<Part>(part)));
        all[static_cast<std::size_t>(part)] += line.back();
      }
      if (told_of.cell(from, to).customers.is_withheld) continue;
      places.push_back({from, to});
      lines.push_back(std::move(line));
    }
  const Counts counts = disclosed_counts(lines, all, options);
  told_of.parts = counts.levels;
  std::size_t at = 0;
  for (int from = 0; from <= exact.before; ++from)
    for (int to = 0; to <= exact.after; ++to) {
      const PublishedCell& cell = told_of.cell(from, to);
      const bool is_told = at < places.size() && places[at].from == from && places[at].to == to;
      if (!is_told) {
        if (cell.customers.is_withheld)
          told_of.flows.push_back({from, to, Part::moved, cell.customers, cell.mass, cell.share_of_from});
        continue;
      }
      const std::vector<Count>& line = counts.cells[at];
      const bool is_split = !counts.lines[at].is_withheld &&
                            std::ranges::none_of(line, [](const Count& count) { return count.is_withheld; });
      ++at;
      if (!is_split) {
        told_of.flows.push_back({from, to, Part::moved, cell.customers, cell.mass, cell.share_of_from});
        continue;
      }
      const auto of_from = static_cast<double>(exact.customers_before(from));
      for (int p = 0; p < parts; ++p) {
        const auto part = static_cast<Part>(p);
        if (line[static_cast<std::size_t>(p)].customers == 0) continue;
        const auto customers = static_cast<double>(line[static_cast<std::size_t>(p)].customers);
        told_of.flows.push_back({from,
                                 to,
                                 part,
                                 line[static_cast<std::size_t>(p)],
                                 {exact.mass(from, to, part)},
                                 told(customers / of_from, cell.share_of_from.is_withheld)});
      }
    }
}

double rounded(double measure) { return std::round(measure * 1000) / 1000; }

}  // namespace

PublishedMigration publish(const Migration& exact, const profile::DisclosureOptions& options) {
  PublishedMigration told_of;
  told_of.before = exact.before;
  told_of.after = exact.after;
  told_of.same_before = exact.same_before;
  told_of.cause = exact.cause;
  told_of.shared = exact.shared;
  told_of.band = exact.band;
  told_of.has_value_before = exact.has_value_before;
  told_of.has_value_after = exact.has_value_after;
  publish_cells(exact, options, told_of);
  publish_flows(exact, options, told_of);
  const bool is_all_told =
      std::ranges::none_of(told_of.cells, [](const PublishedCell& cell) { return cell.customers.is_withheld; });
  told_of.adjusted_rand = is_all_told ? exact.adjusted_rand : rounded(exact.adjusted_rand);
  told_of.variation_of_information =
      is_all_told ? exact.variation_of_information : rounded(exact.variation_of_information);
  return told_of;
}

}  // namespace cardseg::monitor
