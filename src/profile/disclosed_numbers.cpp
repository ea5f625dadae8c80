// Figures of groups add up as counts do: n x mean, the totals, and n (sd^2 + mean^2), the sums of squares, are those of
// the whole less those of the other groups. So what is withheld of a group is withheld of others, too, until they would
// be published together; and figures that tie counts to each other are withheld with the counts.
#include "profile/disclosed_numbers.hpp"

#include <algorithm>
#include <cmath>

#include "cardseg/profile/disclosure.hpp"

namespace cardseg::profile {
namespace {

constexpr double nearly = 1e-9;  // relative; of sums that are one where values are

void withhold(Figure& figure) { figure = {std::numeric_limits<double>::quiet_NaN(), true}; }
void withhold(Count& count) { count = {0, true}; }

template <class T>
void withhold_if(bool is_withheld, T& cell) {
  if (is_withheld) withhold(cell);
}

// What a row's total, or sum of squares, rests on.
struct Contributions {
  std::int64_t customers = 0;  // with another value than zero
  Dominance values;

  void add(const Contributions& other) {
    customers += other.customers;
    const double lesser = std::min(values.largest, other.values.largest);
    values = {std::max(values.largest, other.values.largest), std::max({lesser, values.second, other.values.second}),
              values.all + other.values.all};
  }
  bool is_safe(std::int64_t min_cell) const {
    if (customers == 0) return true;
    return customers >= min_cell && values.largest <= most_of_one * values.all &&
           values.largest + values.second <= most_of_two * values.all;
  }
};

Contributions values_of(const NumberProfile& group) {
  return {group.present.customers - group.zeros.customers, group.dominance};
}

Contributions squares_of(const NumberProfile& group) {
  const Dominance& values = group.dominance;
  const double squares = static_cast<double>(group.present.customers) *
                         (group.sd.value * group.sd.value + group.mean.value * group.mean.value);
  return {group.present.customers - group.zeros.customers,
          {values.largest * values.largest, values.second * values.second, squares}};
}

// Decides which figures of one column are withheld, row by row as in DisclosedGroups.
class NumberDisclosure {
 public:
  NumberDisclosure(const DisclosedGroups& groups, const NumberMask& mask, std::int64_t min_cell,
                   const std::vector<NumberProfile>& numbers)
      : groups_(groups), mask_(mask), min_cell_(min_cell), numbers_(numbers) {
    const Contributions whole = values_of(numbers[0]);
    // a total of zeros and one other value is a count, one of crossed values a sum of counts: they follow the counts
    const bool are_one =
        whole.values.largest * static_cast<double>(whole.customers) <= whole.values.all * (1.0 + nearly);
    for (std::size_t row = 0; row < 1 + groups.published.size(); ++row)
      means_.push_back((are_one || mask.is_crossed) && is_any_withheld(row));
    if (!are_one) means_ = with_unsafe(values_of, means_);
    untie_counts();
    deviations_ = are_one ? means_ : with_unsafe(squares_of, means_);
  }

  bool is_withheld(std::size_t row, NumberCell cell) const { return mask_.cells[groups_.group_of(row)][cell]; }
  bool is_any_withheld(std::size_t row) const { return mask_.any[groups_.group_of(row)]; }
  bool is_mean_withheld(std::size_t row) const { return means_[row]; }
  bool is_deviation_withheld(std::size_t row) const { return deviations_[row]; }
  bool is_total_withheld(std::size_t row) const { return means_[row] || is_withheld(row, missing_cell); }
  bool is_anything_withheld() const {
    for (std::size_t row = 0; row < means_.size(); ++row)
      if (is_total_withheld(row) || deviations_[row]) return true;
    return groups_.has_rest;
  }

 private:
  const NumberProfile& of(std::size_t row) const { return numbers_[groups_.group_of(row)]; }

  // Withheld segments and customers of none. Of the latter no largest values are known: the whole's are an upper limit.
  template <class Measure>
  Contributions rest(Measure measure) const {
    Contributions rest;
    if (!groups_.has_rest) return rest;
    const Contributions whole = measure(numbers_[0]);
    std::int64_t of_segments = 0;
    for (std::size_t g = 1; g < numbers_.size(); ++g) {
      const Contributions segment = measure(numbers_[g]);
      of_segments += segment.customers;
      if (groups_.is_withheld[g] && segment.customers > 0) rest.add(segment);
    }
    if (whole.customers > of_segments)
      rest.add({whole.customers - of_segments, {whole.values.largest, whole.values.second, 0.0}});
    return rest;
  }

  // The rows whose sums are not safe and, while that of the whole is known, as many others, those of the fewest values
  // first, until the sum of all that are withheld is safe.
  template <class Measure>
  std::vector<bool> with_unsafe(Measure measure, std::vector<bool> withheld) const {
    Contributions together = rest(measure);
    for (std::size_t row = 0; row < withheld.size(); ++row) {
      if (numbers_[groups_.group_of(row)].present.customers == 0) continue;
      const Contributions here = measure(of(row));
      withheld[row] = withheld[row] || !here.is_safe(min_cell_) || of(row).present.customers < min_cell_;
      if (row > 0 && withheld[row]) together.add(here);
    }
    while (!withheld[0] && !together.is_safe(min_cell_)) {
      const std::size_t row = fewest(withheld);
      if (row == 0) break;
      withheld[row] = true;
      together.add(measure(of(row)));
    }
    return withheld;
  }

  // Of the segments that are not withheld the one with the fewest values; 0: there is none.
  std::size_t fewest(const std::vector<bool>& withheld) const {
    std::size_t least = 0;
    for (std::size_t row = 1; row < withheld.size(); ++row)
      if (!withheld[row] && of(row).present.customers > 0 &&
          (least == 0 || of(row).present.customers < of(least).present.customers))
        least = row;
    return least;
  }

  // Where numbers of values are withheld, means and deviations would tie them: sum of n_j mean_j = n mean. So are these
  // then; the portfolio's too, where its own number is withheld, and what is left of its sums is not worth as many
  // customers as must stay in doubt.
  void untie_counts() {
    Contributions total = rest(values_of);
    Contributions squares = rest(squares_of);
    for (std::size_t row = 1; row < means_.size(); ++row) {
      if (is_withheld(row, missing_cell)) means_[row] = true;
      if (!means_[row]) continue;
      total.add(values_of(of(row)));
      squares.add(squares_of(of(row)));
    }
    const NumberProfile& whole = numbers_[0];
    const double in_doubt = 2.0 * static_cast<double>(min_cell_);
    const double square = whole.mean.value * whole.mean.value + whole.sd.value * whole.sd.value;
    if (is_withheld(0, missing_cell) &&
        (total.values.all < in_doubt * std::abs(whole.mean.value) || squares.values.all < in_doubt * square))
      means_[0] = true;
  }

  const DisclosedGroups& groups_;
  const NumberMask& mask_;
  std::int64_t min_cell_;
  const std::vector<NumberProfile>& numbers_;
  std::vector<bool> means_;
  std::vector<bool> deviations_;
};

// Eta squared of the published segments and, as one, all others.
Figure separation_of(const DisclosedGroups& groups, const NumberDisclosure& disclosure,
                     const std::vector<NumberProfile>& numbers) {
  if (disclosure.is_total_withheld(0) || disclosure.is_deviation_withheld(0))
    return {std::numeric_limits<double>::quiet_NaN(), true};
  const NumberProfile& whole = numbers[0];
  const auto all = static_cast<double>(whole.present.customers);
  double others = all;
  double others_moment = 0.0;  // sum of n_j (mean_j - mean) of all segments is 0
  double between = 0.0;
  for (std::size_t row = 1; row < 1 + groups.published.size(); ++row) {
    const NumberProfile& segment = numbers[groups.group_of(row)];
    if (disclosure.is_total_withheld(row) || segment.present.customers == 0) continue;
    const auto n = static_cast<double>(segment.present.customers);
    const double difference = segment.mean.value - whole.mean.value;
    between += n * difference * difference;
    others -= n;
    others_moment -= n * difference;
  }
  if (others > 0.0) between += others_moment * others_moment / others;
  const double squares = all * whole.sd.value * whole.sd.value;
  return {squares > 0.0 ? std::clamp(between / squares, 0.0, 1.0) : std::numeric_limits<double>::quiet_NaN()};
}

// Whether single values, or how many zeros there are, could be read from a quantile.
class QuantileDisclosure {
 public:
  QuantileDisclosure(const NumberProfile& exact, std::int64_t customers, bool is_missing_withheld,
                     bool are_zeros_withheld, std::int64_t min_cell)
      : exact_(exact), values_(exact.present.customers), are_zeros_withheld_(are_zeros_withheld), min_cell_(min_cell) {
    // so that what is published does not tell how many are missing
    if (is_missing_withheld) values_ = std::min(values_, customers - min_cell);
    const double total = exact.mean.value * static_cast<double>(exact.present.customers);
    has_negative_ = !(total >= exact.dominance.all * (1.0 - nearly));
  }

  bool is_withheld(std::size_t q) const {
    if (values_ <= 0) return exact_.present.customers > 0;
    const double place = place_of(q);
    const auto below = static_cast<std::int64_t>(std::floor(place));
    const auto above = values_ - 1 - static_cast<std::int64_t>(std::ceil(place));
    return below < min_cell_ || above < min_cell_ || (are_zeros_withheld_ && is_beside_zeros(q));
  }

 private:
  double place_of(std::size_t q) const { return static_cast<double>(values_ - 1) * quantile_shares[q]; }

  // A quantile between the last zero and the next value would tell the place, and so the number, of zeros.
  bool is_beside_zeros(std::size_t q) const {
    if (!has_negative_)
      return std::abs(place_of(q) - static_cast<double>(exact_.zeros.customers)) <= static_cast<double>(min_cell_);
    const double value = exact_.quantile[q].value;
    const bool is_next_above = value > 0.0 && (q == 0 || exact_.quantile[q - 1].value <= 0.0);
    const bool is_next_below = value < 0.0 && (q + 1 == quantile_shares.size() || exact_.quantile[q + 1].value >= 0.0);
    return is_next_above || is_next_below;
  }

  const NumberProfile& exact_;
  std::int64_t values_;
  bool are_zeros_withheld_;
  bool has_negative_ = false;
  std::int64_t min_cell_;
};

void withhold_all(NumberProfile& group) {
  for (Count* count : {&group.present, &group.missing, &group.imputed, &group.zeros}) withhold(*count);
  for (Figure* figure :
       {&group.mean, &group.sd, &group.total, &group.total_share, &group.index, &group.effect, &group.overlap})
    withhold(*figure);
  for (Figure& quantile : group.quantile) withhold(quantile);
}

}  // namespace

std::vector<std::vector<std::int64_t>> number_cells_of(const std::vector<NumberProfile>& numbers) {
  std::vector<std::vector<std::int64_t>> cells;
  for (const NumberProfile& group : numbers)
    cells.push_back({group.missing.customers, group.zeros.customers, group.present.customers - group.zeros.customers});
  return cells;
}

NumberMask make_number_mask(CellMask cells) {
  NumberMask mask{std::move(cells), false, {}};
  for (const std::vector<bool>& group : mask.cells) mask.any.push_back(std::ranges::find(group, true) != group.end());
  return mask;
}

void disclose_numbers(const DisclosedGroups& groups, const std::vector<Count>& customers, const NumberMask& mask,
                      std::int64_t min_cell, ColumnProfile& column) {
  const std::vector<NumberProfile> exact = column.numbers;
  const NumberDisclosure disclosure(groups, mask, min_cell, exact);
  if (disclosure.is_anything_withheld()) column.separation = separation_of(groups, disclosure, exact);
  for (std::size_t g = 0; g < exact.size(); ++g)
    if (groups.is_withheld[g]) withhold_all(column.numbers[g]);
  for (std::size_t row = 0; row < 1 + groups.published.size(); ++row) {
    const std::size_t g = groups.group_of(row);
    NumberProfile& group = column.numbers[g];
    const bool is_missing_withheld = disclosure.is_withheld(row, missing_cell);
    const bool are_zeros_withheld = disclosure.is_withheld(row, zero_cell);
    const QuantileDisclosure quantiles(exact[g], customers[g].customers, is_missing_withheld, are_zeros_withheld,
                                       min_cell);
    const bool are_counts_told = mask.is_crossed && disclosure.is_any_withheld(row);
    for (std::size_t q = 0; q < quantile_shares.size(); ++q)
      withhold_if(are_counts_told || quantiles.is_withheld(q), group.quantile[q]);
    const bool is_mean = disclosure.is_mean_withheld(row);
    const bool is_whole_mean = disclosure.is_mean_withheld(0);
    const bool is_imputed_a_part =
        exact[g].imputed.customers != 0 && exact[g].imputed.customers != exact[g].missing.customers;
    withhold_if(is_missing_withheld, group.present);
    withhold_if(is_missing_withheld, group.missing);
    withhold_if(is_missing_withheld || is_imputed_a_part, group.imputed);
    withhold_if(are_zeros_withheld, group.zeros);
    withhold_if(is_mean, group.mean);
    withhold_if(disclosure.is_deviation_withheld(row), group.sd);
    withhold_if(disclosure.is_total_withheld(row), group.total);
    withhold_if(disclosure.is_total_withheld(row) || disclosure.is_total_withheld(0), group.total_share);
    withhold_if(is_mean || is_whole_mean, group.index);
    withhold_if(is_mean || is_whole_mean || disclosure.is_deviation_withheld(0), group.effect);
    withhold_if(disclosure.is_any_withheld(row) || disclosure.is_any_withheld(0), group.overlap);
  }
  for (NumberProfile& group : column.numbers) group.dominance = {};
}

}  // namespace cardseg::profile
