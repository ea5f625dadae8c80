#include "cardseg/monitor/migration.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

#include "cardseg/core/exact_sum.hpp"
#include "cardseg/monitor/matching.hpp"

namespace cardseg::monitor {
namespace {

using core::FixedPoint;
using core::int128;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double margin_steps = 65536.0;  // of margins, in which their changes are counted

double present(double value) { return std::isnan(value) ? 0.0 : value; }

double weight_of(const JoinedCustomer& each) {
  return each.before.segment > 0 ? each.before.weight : each.after.weight;
}

// The place of a segment after among those before; further ones stand for themselves.
int place_before(const MoveRules& rules, int segment, int segments_before) {
  const int same = rules.same_before[static_cast<std::size_t>(segment - 1)];
  return same > 0 ? same : segments_before + segment;
}

// Collective. The median of |margin before - margin after| of those who stay, rounded up to steps.
double median_change(const comm::Communicator& comm, const JoinedCustomers& joined, const MoveRules& rules) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(margin_steps) + 1);
  for (const JoinedCustomer& each : joined.local()) {
    if (!each.is_shared() || each.before.segment != place_before(rules, each.after.segment, joined.before().segments))
      continue;
    const double change = std::ceil(std::abs(each.before.margin - each.after.margin) * margin_steps);
    ++counts[static_cast<std::size_t>(std::clamp(change, 0.0, margin_steps))];
  }
  comm.allreduce_sum(std::span(counts));
  const std::int64_t all = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  std::int64_t below = 0;
  for (std::size_t step = 0; step < counts.size(); ++step) {
    below += counts[step];
    if (2 * below >= all && all > 0) return static_cast<double>(step) / margin_steps;
  }
  return 0.0;
}

// Decides what became of each customer.
class Judge {
 public:
  Judge(const MoveRules& rules, int segments_before, double band)
      : rules_(rules), segments_before_(segments_before), band_(band) {}

  Part part_of(const JoinedCustomer& each) const {
    if (each.before.segment == 0) return Part::entered;
    if (each.after.segment == 0) return Part::closed;
    const int a = each.before.segment;
    if (place(each.after.segment) == a) return Part::stay;
    if (rules_.has_margins && each.before.margin + each.after.margin <= band_) return Part::border;
    if (rules_.cause == Cause::customer) return Part::customer;
    if (rules_.cause == Cause::unknown) return Part::moved;
    const bool values_move = each.after.by_other_model != a;          // o != a
    const bool model_moves = place(each.before.by_other_model) != a;  // n != a
    if (values_move) return model_moves ? Part::both : Part::customer;
    return model_moves ? Part::model : Part::interaction;
  }

 private:
  int place(int segment_after) const { return place_before(rules_, segment_after, segments_before_); }

  const MoveRules& rules_;
  int segments_before_;
  double band_;
};

// The two largest magnitudes of a cell.
struct Largest {
  double first = 0.0;
  double second = 0.0;

  void add(double magnitude) {
    if (magnitude > first) {
      second = first;
      first = magnitude;
    } else {
      second = std::max(second, magnitude);
    }
  }
};

// Collective. The two largest over all ranks: the second is what is left when one rank has taken its first out.
void reduce(const comm::Communicator& comm, std::vector<Largest>& cells) {
  std::vector<double> first;
  for (const Largest& cell : cells) first.push_back(cell.first);
  comm.allreduce_max(std::span(first));
  std::vector<std::int64_t> owner;
  for (std::size_t i = 0; i < cells.size(); ++i)
    owner.push_back(cells[i].first == first[i] ? comm.rank() : comm.size());
  comm.allreduce_min(std::span(owner));
  std::vector<double> second;
  for (std::size_t i = 0; i < cells.size(); ++i)
    second.push_back(owner[i] == comm.rank() ? cells[i].second : cells[i].first);
  comm.allreduce_max(std::span(second));
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = {first[i], second[i]};
}

// Collective. Exact sums of one amount of each customer, by bin.
template <class Amount, class Bin>
std::vector<double> sums_by(const comm::Communicator& comm, const JoinedCustomers& joined, std::size_t bins,
                            Amount amount, Bin bin) {
  double largest = 0.0;
  for (const JoinedCustomer& each : joined.local()) largest = std::max(largest, std::abs(amount(each)));
  const FixedPoint grid = FixedPoint::for_values(comm.max(largest), joined.before().rows + joined.after().rows);
  std::vector<int128> sums(bins);
  for (std::size_t i = 0; i < joined.local().size(); ++i) sums[bin(i)] += grid.round(amount(joined.local()[i]));
  comm.allreduce_sum(std::span(sums));
  std::vector<double> values;
  for (const int128 sum : sums) values.push_back(grid.value(sum));
  return values;
}

// Collective. The values of one side, by cell.
template <class Amount, class Bin>
std::vector<Moved::Weight> weights_by(const comm::Communicator& comm, const JoinedCustomers& joined, std::size_t cells,
                                      Amount amount, Bin bin) {
  std::vector<Largest> largest(cells);
  std::vector<std::int64_t> customers(cells);
  for (std::size_t i = 0; i < joined.local().size(); ++i) {
    const double magnitude = std::abs(amount(joined.local()[i]));
    largest[bin(i)].add(magnitude);
    customers[bin(i)] += magnitude > 0 ? 1 : 0;
  }
  reduce(comm, largest);
  comm.allreduce_sum(std::span(customers));
  const std::vector<double> all = sums_by(
      comm, joined, cells, [&](const JoinedCustomer& each) { return std::abs(amount(each)); }, bin);
  std::vector<Moved::Weight> weights;
  for (std::size_t i = 0; i < cells; ++i)
    weights.push_back({customers[i], largest[i].first, largest[i].second, all[i]});
  return weights;
}

double entropy(const std::vector<std::int64_t>& counts, double all) {
  double sum = 0.0;
  for (const std::int64_t count : counts) {
    const double share = static_cast<double>(count) / all;
    if (count > 0) sum -= share * std::log(share);
  }
  return sum;
}

}  // namespace

std::vector<int> same_numbers(int before, int after) {
  std::vector<int> same;
  for (int b = 1; b <= after; ++b) same.push_back(b <= before ? b : 0);
  return same;
}

std::vector<int> same_by_customers(const quality::Contingency& shared) {
  SharedMass table(static_cast<std::size_t>(shared.first),
                   std::vector<int128>(static_cast<std::size_t>(shared.second)));
  for (int a = 0; a < shared.first; ++a)
    for (int b = 0; b < shared.second; ++b)
      table[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)] = shared.at(a, b);
  std::vector<int> same(static_cast<std::size_t>(shared.second));
  const std::vector<int> partners = match_segments(table);
  for (std::size_t a = 0; a < partners.size(); ++a)
    if (partners[a] >= 0) same[static_cast<std::size_t>(partners[a])] = static_cast<int>(a) + 1;
  return same;
}

double variation_of_information(const quality::Contingency& table) {
  std::vector<std::int64_t> first(static_cast<std::size_t>(table.first));
  std::vector<std::int64_t> second(static_cast<std::size_t>(table.second));
  for (int i = 0; i < table.first; ++i)
    for (int j = 0; j < table.second; ++j) {
      first[static_cast<std::size_t>(i)] += table.at(i, j);
      second[static_cast<std::size_t>(j)] += table.at(i, j);
    }
  const auto all = static_cast<double>(std::accumulate(first.begin(), first.end(), std::int64_t{0}));
  if (!(all > 0)) return 0.0;
  // H + H' - 2 I = 2 H(joint) - H - H'
  return std::max(0.0, 2 * entropy(table.customers, all) - entropy(first, all) - entropy(second, all));
}

std::int64_t Migration::customers_in(Part part) const {
  std::int64_t sum = 0;
  for (std::size_t i = static_cast<std::size_t>(part); i < customers_of_part.size(); i += parts)
    sum += customers_of_part[i];
  return sum;
}

std::int64_t Migration::customers_before(int from) const {
  std::int64_t sum = 0;
  for (int to = 0; to <= after; ++to) sum += cells[cell(from, to)].customers;
  return sum;
}

std::int64_t Migration::customers_after(int to) const {
  std::int64_t sum = 0;
  for (int from = 0; from <= before; ++from) sum += cells[cell(from, to)].customers;
  return sum;
}

CountedMoves count_moves(const comm::Communicator& comm, const JoinedCustomers& joined, const MoveRules& rules,
                         bool has_value_before, bool has_value_after) {
  CountedMoves counted;
  Migration& found = counted.migration;
  found.before = joined.before().segments;
  found.after = joined.after().segments;
  found.same_before = rules.same_before;
  found.cause = rules.cause;
  found.has_value_before = has_value_before;
  found.has_value_after = has_value_after;
  found.shared = joined.shared_customers();
  found.adjusted_rand = quality::adjusted_rand(joined.shared());
  found.variation_of_information = variation_of_information(joined.shared());
  if (rules.has_margins) found.band = rules.band ? *rules.band : median_change(comm, joined, rules);
  const Judge judge(rules, found.before, found.band);
  std::vector<std::size_t> cell;
  for (const JoinedCustomer& each : joined.local()) {
    counted.local_parts.push_back(judge.part_of(each));
    cell.push_back(found.cell(each.before.segment, each.after.segment));
  }
  const auto cell_of = [&](std::size_t i) { return cell[i]; };
  const auto bin_of = [&](std::size_t i) { return cell[i] * parts + static_cast<std::size_t>(counted.local_parts[i]); };
  const std::size_t cells = found.cell(found.before, found.after) + 1;
  found.customers_of_part.resize(cells * parts);
  for (std::size_t i = 0; i < cell.size(); ++i) ++found.customers_of_part[bin_of(i)];
  comm.allreduce_sum(std::span(found.customers_of_part));
  found.mass_of_part = sums_by(comm, joined, cells * parts, weight_of, bin_of);
  const std::vector<double> mass = sums_by(comm, joined, cells, weight_of, cell_of);
  const auto before = [](const JoinedCustomer& each) { return present(each.before.value); };
  const auto after = [](const JoinedCustomer& each) { return present(each.after.value); };
  const std::vector<double> value_before = sums_by(comm, joined, cells, before, cell_of);
  const std::vector<double> value_after = sums_by(comm, joined, cells, after, cell_of);
  const std::vector<Moved::Weight> weight_before = weights_by(comm, joined, cells, before, cell_of);
  const std::vector<Moved::Weight> weight_after = weights_by(comm, joined, cells, after, cell_of);
  for (std::size_t i = 0; i < cells; ++i) {
    const auto first = found.customers_of_part.begin() + static_cast<std::ptrdiff_t>(i * parts);
    found.cells.push_back({std::accumulate(first, first + parts, std::int64_t{0}), mass[i],
                           has_value_before ? value_before[i] : nan, has_value_after ? value_after[i] : nan,
                           weight_before[i], weight_after[i]});
  }
  return counted;
}

}  // namespace cardseg::monitor
