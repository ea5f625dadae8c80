#include "cardseg/profile/baseline.hpp"

#include <algorithm>
#include <cmath>

#include "cardseg/comm/agree.hpp"
#include "profile/disclosed_groups.hpp"
#include "profile/number_groups.hpp"

namespace cardseg::profile {
namespace {

using Cells = std::vector<std::int64_t>;

// The bin of `bins` that zeros are counted in.
std::size_t bin_of_zero(const ValueBins& bins) {
  const auto place = std::ranges::lower_bound(bins.ends, 0.0);
  const auto end = static_cast<std::size_t>(place - bins.ends.begin());
  return place != bins.ends.end() && *place == 0.0 ? 2 * end + 1 : 2 * end;
}

// [group][bin]: without zeros, which have a cell of their own.
std::vector<Cells> counts_without_zeros(const ColumnProfile& column) {
  std::vector<Cells> counts = column.bins.counts;
  const std::size_t zero = bin_of_zero(column.bins);
  for (std::size_t g = 0; g < counts.size(); ++g) counts[g][zero] -= column.numbers[g].zeros.customers;
  return counts;
}

// The ends that part `whole`, customers by bin, into bins of about equal size, `least` or more in each.
std::vector<std::size_t> chosen_ends(const Cells& whole, std::int64_t least) {
  std::int64_t all = 0;
  for (const std::int64_t count : whole) all += count;
  std::vector<std::size_t> chosen;
  std::int64_t below = 0;  // the end that is looked at, and at it
  std::int64_t cut = 0;    // the same of the last that was chosen
  for (std::size_t end = 0; 2 * end + 1 < whole.size(); ++end) {
    below += whole[2 * end] + whole[2 * end + 1];
    if (below * most_baseline_bins / all == cut * most_baseline_bins / all) continue;
    if (below - cut < least || all - below < least) continue;
    chosen.push_back(end);
    cut = below;
  }
  return chosen;
}

Cells merged(const Cells& counts, const std::vector<std::size_t>& ends) {
  Cells bins;
  std::size_t next = 0;
  for (std::size_t i = 0; i <= ends.size(); ++i) {
    const std::size_t end = i < ends.size() ? 2 * ends[i] + 2 : counts.size();
    std::int64_t& bin = bins.emplace_back();
    for (; next < end; ++next) bin += counts[next];
  }
  return bins;
}

// Sets where the outer bins end: `min_cell` of the values lie beyond.
void close(const ValueBins& bins, std::int64_t values, std::int64_t min_cell, BaselineColumn& column) {
  const auto lie_beyond = [&](double share) {
    return std::floor(static_cast<double>(values - 1) * share) >= static_cast<double>(min_cell);
  };
  if (lie_beyond(low_close)) {
    column.low = bins.low;
    column.high = bins.high;
  } else if (lie_beyond(0.01)) {
    column.low = bins.ends.front();
    column.high = bins.ends.back();
  } else if (!column.edges.empty()) {
    column.low = column.edges.front();
    column.high = column.edges.back();
  }
}

// Sets edges and what closes them; [group][cell] is returned.
std::vector<Cells> freeze_numbers(const ColumnProfile& profiled, std::int64_t min_cell, BaselineColumn& column) {
  const std::vector<Cells> counts = counts_without_zeros(profiled);
  const std::int64_t least = std::max<std::int64_t>(1, min_cell);
  const std::int64_t present = profiled.numbers[0].present.customers;
  const bool any_value = present > profiled.numbers[0].zeros.customers;
  const std::vector<std::size_t> ends = any_value ? chosen_ends(counts[0], least) : std::vector<std::size_t>();
  for (const std::size_t end : ends) column.edges.push_back(profiled.bins.ends[end]);
  close(profiled.bins, present, min_cell, column);
  std::vector<Cells> cells;
  for (std::size_t g = 0; g < counts.size(); ++g) {
    cells.push_back({profiled.numbers[g].missing.customers, profiled.numbers[g].zeros.customers});
    const Cells bins = merged(counts[g], ends);
    cells.back().insert(cells.back().end(), bins.begin(), bins.end());
  }
  return cells;
}

std::vector<Cells> freeze_levels(const ColumnProfile& profiled) {
  const std::size_t known = profiled.column.levels.known.size();
  std::vector<Cells> cells;
  for (const CategoryProfile& group : profiled.categories) {
    Cells& here = cells.emplace_back(known + 2);
    here[BaselineColumn::missing_cell] = group.missing.customers;
    for (std::size_t l = 0; l < group.levels.size(); ++l) here[1 + l] = group.levels[l].customers.customers;
  }
  return cells;
}

// [group][cell]: counts that may be told.
std::vector<std::vector<Count>> told(const DisclosedGroups& groups, const std::vector<Cells>& cells,
                                     const DisclosureOptions& options) {
  CellMask mask(cells.size(), std::vector<bool>(cells.front().size()));
  if (!options.is_off()) mask = by_group(groups, withheld_cells(make_table(groups, cells), options.min_cell));
  std::vector<std::vector<Count>> counts;
  for (std::size_t g = 0; g < cells.size(); ++g) {
    std::vector<Count>& row = counts.emplace_back();
    for (std::size_t c = 0; c < cells[g].size(); ++c)
      row.push_back(mask[g][c] ? Count{0, true} : Count{cells[g][c], false});
  }
  return counts;
}

bool is_frozen(const ColumnProfile& column) {
  if (column.column.kind == portfolio::Kind::date) return false;
  return column.is_category() || !column.bins.ends.empty();
}

// A quantile of so many values, where enough of them lie on both sides.
Figure told_quantile(double value, std::size_t quantile, std::int64_t values, std::int64_t min_cell) {
  const double share = quantile_shares[quantile];
  const double beyond = std::floor(static_cast<double>(values - 1) * std::min(share, 1.0 - share));
  const bool is_withheld = values == 0 || beyond < static_cast<double>(min_cell);
  return {is_withheld ? std::numeric_limits<double>::quiet_NaN() : value, is_withheld};
}

}  // namespace

std::size_t BaselineColumn::cell_of(double raw) const {
  if (std::isnan(raw)) return missing_cell;
  if (is_category()) return 1 + static_cast<std::size_t>(raw);
  if (raw == 0.0) return zero_cell;
  return first_cell + static_cast<std::size_t>(std::ranges::lower_bound(edges, raw) - edges.begin());
}

std::vector<BaselineColumn> baseline_columns(const Profile& exact, const DisclosureOptions& options) {
  std::vector<BaselineColumn> columns;
  if (exact.customers[0].customers < std::max<std::int64_t>(1, options.min_cell)) return columns;
  const DisclosedGroups groups = make_disclosed_groups(exact.customers, options.min_cell);
  for (const ColumnProfile& profiled : exact.columns) {
    if (!is_frozen(profiled)) continue;
    BaselineColumn& column = columns.emplace_back();
    column.column = profiled.column;
    const std::vector<Cells> cells =
        profiled.is_category() ? freeze_levels(profiled) : freeze_numbers(profiled, options.min_cell, column);
    column.counts = told(groups, cells, options);
  }
  return columns;
}

std::vector<BaselineValue> baseline_values(const Profile& published) {
  std::vector<BaselineValue> values;
  for (const ColumnProfile& column : published.columns) {
    if (!column.column.is_value()) continue;
    BaselineValue& value = values.emplace_back();
    value.column = column.column.name;
    for (const NumberProfile& group : column.numbers) {
      value.total.push_back(group.total);
      value.mean.push_back(group.mean);
    }
  }
  return values;
}

std::vector<ScoreQuantiles> score_quantiles(const comm::Communicator& comm, const cluster::Scores& local_scores,
                                            const std::vector<Count>& customers, const DisclosureOptions& options) {
  const portfolio::Grouping groups{local_scores.segment, static_cast<int>(customers.size())};
  const DisclosedGroups told_groups = make_disclosed_groups(customers, options.min_cell);
  std::vector<ScoreQuantiles> found(customers.size());
  std::vector<double> values = comm::agree(comm, [&] { return local_scores.squared_distance; });
  for (const bool is_distance : {true, false}) {
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = is_distance ? std::sqrt(values[i]) : static_cast<double>(local_scores.margin[i]);
    const std::vector<NumberGroup> numbers = compute_number_groups(comm, values, groups).groups;
    for (std::size_t g = 0; g < found.size(); ++g)
      for (std::size_t q = 0; q < quantile_shares.size(); ++q) {
        Figure& figure = is_distance ? found[g].distance[q] : found[g].margin[q];
        figure = told_quantile(numbers[g].quantile[q], q, told_groups.is_withheld[g] ? 0 : numbers[g].present,
                               options.min_cell);
      }
  }
  return found;
}

}  // namespace cardseg::profile
