#include "cardseg/portfolio/column_portrait.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

#include "cardseg/portfolio/load.hpp"
#include "cardseg/portfolio/quantiles.hpp"

namespace cardseg::portfolio {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// By which many files write missing values, beside the least numbers of types, which loading warns of.
constexpr std::array usual_codes = {999.0, 9999.0, 99999.0, 999999.0, 9999999.0, -1.0, -9.0, -99.0, -999.0, -9999.0};
constexpr double least_share = 0.01;  // of the present values that a code has
constexpr double far = 3.0;           // widths of the other values between them and a code

struct Extent {
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();
  std::int64_t left_out = 0;
};

// Collective. Of the present values other than `code`.
Extent extent_without(const comm::Communicator& comm, std::span<const double> values, double code) {
  Extent mine;
  for (const double value : values) {
    if (value == code) {
      ++mine.left_out;
    } else if (!std::isnan(value)) {
      mine.min = std::min(mine.min, value);
      mine.max = std::max(mine.max, value);
    }
  }
  return {comm.min(mine.min), comm.max(mine.max), comm.sum(mine.left_out)};
}

// Collective. A usual code at an end of the values, frequent and far from the others, or negative where none else is.
std::optional<OddValue> find_odd(const comm::Communicator& comm, std::span<const double> values,
                                 const RawFacts& facts) {
  for (const double code : usual_codes) {
    if (code != facts.min && code != facts.max) continue;
    const Extent others = extent_without(comm, values, code);
    if (others.min > others.max ||
        static_cast<double>(others.left_out) < least_share * static_cast<double>(facts.present))
      continue;
    const double gap = code < others.min ? others.min - code : code - others.max;
    if ((code < 0 && others.min >= 0) || gap > far * (others.max - others.min)) return OddValue{code, others.left_out};
  }
  return std::nullopt;
}

// Collective. Of a column of numbers.
void portray(const comm::Communicator& comm, std::vector<double> values, ColumnPortrait& portrait) {
  const RawFacts facts = compute_raw_facts(comm, values);
  portrait.present = facts.present;
  portrait.missing = facts.missing;
  if (facts.present == 0) return;
  portrait.odd = find_odd(comm, values, facts);
  if (portrait.odd) std::ranges::replace(values, portrait.odd->value, nan);
  std::array<std::int64_t, 4> counts{};  // zeros, ones, negatives, fractions
  for (const double value : values) {
    counts[0] += value == 0 ? 1 : 0;
    counts[1] += value == 1 ? 1 : 0;
    counts[2] += value < 0 ? 1 : 0;
    counts[3] += !std::isnan(value) && value != std::trunc(value) ? 1 : 0;
  }
  comm.allreduce_sum(std::span(counts));
  portrait.zeros = counts[0];
  portrait.ones = counts[1];
  portrait.has_negatives = counts[2] > 0;
  portrait.is_whole = counts[3] == 0;
  const std::vector<double> q =
      compute_quantiles(comm, values,
                        std::array{Quantile{range_low_share, QuantileMethod::lower}, Quantile{0.01}, Quantile{0.5},
                                   Quantile{0.99}, Quantile{range_high_share, QuantileMethod::higher}});
  portrait.range = range_around(q[0], q[4], facts.present);
  portrait.low_tail = q[2] - q[1];
  portrait.high_tail = q[3] - q[2];
  portrait.median = q[2];
}

}  // namespace

std::vector<ColumnPortrait> portray_columns(const comm::Communicator& comm, const io::ShardSet& shards,
                                            const Schema& schema) {
  std::vector<ColumnPortrait> portraits;
  for (const Column& column : schema.columns) {
    ColumnPortrait& portrait = portraits.emplace_back();
    portrait.column = column;
    const bool holds_numbers = !column.levels.are_texts && !column.has_levels() && column.role != Role::id;
    if (holds_numbers) portray(comm, read_raw_column(comm, shards, column).values, portrait);
  }
  return portraits;
}

}  // namespace cardseg::portfolio
