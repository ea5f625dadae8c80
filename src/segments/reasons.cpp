#include "cardseg/segments/reasons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/nearest_name.hpp"
#include "cardseg/core/protected_name.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "cardseg/segments/retired_segments.hpp"

namespace cardseg::segments {
namespace {

using core::Error;
using core::ExitCode;
using core::field;
using portfolio::FittedColumn;
using portfolio::NumberEncoder;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr int most_reasons = 20;
constexpr std::size_t widest_features = 3;  // of which pairs are looked at
constexpr double worth_a_column = 0.75;     // of the way with one column

bool is_fixed(const FittedColumn& column, const std::vector<std::string>& fixed) {
  const portfolio::Family family = column.column.settings.family;
  return column.column.kind != portfolio::Kind::number || family == portfolio::Family::demographic ||
         family == portfolio::Family::geographic || core::is_protected_name(column.column.name) ||
         std::ranges::find(fixed, column.column.name) != fixed.end();
}

void check_fixed(const Model& model, const std::vector<std::string>& fixed) {
  std::vector<std::string> names;
  for (const FittedColumn& column : model.columns)
    if (column.is_feature()) names.push_back(column.column.name);
  for (const std::string& name : fixed) {
    if (std::ranges::find(names, name) != names.end()) continue;
    const std::string guess = core::did_you_mean(name, names);
    throw Error(ExitCode::usage, field("fixed") + " names '" + name + "', which is no feature of the model")
        .remedy(guess.empty() ? "Leave it out: only features move" : guess);
  }
}

// As the model stores features.
double stored(const Model& model, double feature) {
  return model.precision == portfolio::Precision::float32 ? static_cast<double>(static_cast<float>(feature)) : feature;
}

double encoded_or(const NumberEncoder& encoder, double original, double otherwise) {
  const double feature = std::isnan(original) ? nan : encoder.encode(original);
  return std::isnan(feature) ? otherwise : feature;
}

// What a moved feature may be: within the column's range, its limits, and what its transform gives.
struct FeatureRange {
  double low = -infinity;
  double high = infinity;

  explicit FeatureRange(const FittedColumn& column, const NumberEncoder& encoder)
      : low(encoded_or(encoder, column.facts.range.low, -infinity)),
        high(encoded_or(encoder, column.facts.range.high, infinity)) {
    if (encoder.clip.are_any()) {
      low = std::max(low, encoder.encode(encoder.clip.low));
      high = std::min(high, encoder.encode(encoder.clip.high));
    }
    if (encoder.settings.transform == portfolio::Transform::sqrt) low = std::max(low, encoder.encode(0.0));
  }
};

}  // namespace

// Steps in one or two movable features; the first border on the way.
struct Reasoner::Way {
  struct Step {
    std::size_t movable = 0;
    double along = 0.0;  // of a way of length 1
  };
  std::array<Step, 2> steps = {};
  int count = 0;
  double length = infinity;  // to the border

  // How far a feature moves, to beyond the border.
  double step(int s) const { return steps[static_cast<std::size_t>(s)].along * (length + beyond_border); }
};

core::OptionTable describe(ReasonOptions& o) {
  using core::Shapes;
  return {"Reasons",
          {core::number(o.reasons, {0, most_reasons},
                        {"reasons", "N", Shapes::result,
                         "columns that speak most for a customer's segment against the second, written per customer"}),
           core::toggle(o.move, {"move", "", Shapes::result,
                                 "the smallest change of one or two columns that leads to another segment"}),
           core::names(o.fixed, {"fixed", "A,B", Shapes::result,
                                 "columns that no move changes, beside demographic and geographic ones"})}};
}

void validate(const ReasonOptions& options) {
  ReasonOptions checked = options;
  core::validate(describe(checked));
  if (!options.fixed.empty() && !options.move)
    throw Error(ExitCode::usage, field("fixed") + " needs " + field("move")).remedy("Give both or neither");
}

Reasoner::Reasoner(const Model& model, const ReasonOptions& options) : model_(model), options_(options) {
  check_fixed(model, options.fixed);
  if (!options.move) return;
  for (std::size_t b = 0; b < model.layout.blocks().size(); ++b) {
    const portfolio::FeatureBlock& block = model.layout.blocks()[b];
    const FittedColumn& column = model.columns[static_cast<std::size_t>(block.column)];
    const auto* encoder = std::get_if<NumberEncoder>(&column.encoder);
    if (encoder == nullptr || is_fixed(column, options.fixed)) continue;
    const FeatureRange range(column, *encoder);
    movable_.push_back(
        {static_cast<int>(b), block.begin, block.width() > 1 ? block.begin + 1 : -1, range.low, range.high});
  }
  for (int a = 0; a < model.segments(); ++a)
    for (int j = 0; j < model.segments(); ++j) {
      std::vector<int>& widest = widest_.emplace_back(movable_.size());
      std::iota(widest.begin(), widest.end(), 0);
      std::ranges::stable_sort(widest, std::greater<>(),
                               [&](int m) { return std::abs(difference(a, j, static_cast<std::size_t>(m))); });
      if (widest.size() > widest_features) widest.resize(widest_features);
    }
}

double Reasoner::difference(int segment, int other, std::size_t movable) const {
  const int f = movable_[movable].feature;
  return model_.centroids.row(other)[f] - model_.centroids.row(segment)[f];
}

std::vector<double> Reasoner::contributions(std::span<const double> x, int segment, int second) const {
  const double* const a = model_.centroids.row(segment);
  const double* const b = model_.centroids.row(second);
  std::vector<double> parts;
  for (const portfolio::FeatureBlock& block : model_.layout.blocks()) {
    double part = 0.0;
    // (x - b)^2 - (x - a)^2 = (a - b) ((x - a) + (x - b)), without the squares' rounding
    for (int f = block.begin; f < block.end; ++f) {
      const double at = x[static_cast<std::size_t>(f)];
      part += (a[f] - b[f]) * ((at - a[f]) + (at - b[f]));
    }
    parts.push_back(part);
  }
  return parts;
}

bool Reasoner::is_allowed(std::span<const double> x, const Way& way) const {
  for (int s = 0; s < way.count; ++s) {
    const Movable& movable = movable_[way.steps[static_cast<std::size_t>(s)].movable];
    if (movable.indicator >= 0 && x[static_cast<std::size_t>(movable.indicator)] != 0.0) return false;
    const double to = x[static_cast<std::size_t>(movable.feature)] + way.step(s);
    if (!(to >= movable.low && to <= movable.high)) return false;
  }
  return true;
}

// behind[j] = D_j - D_a. Along one feature each border is behind[j] / (2 |c_j - c_a|) away, in one direction.
Reasoner::Way Reasoner::shortest_single(std::span<const double> x, int segment, std::span<const double> behind) const {
  Way best;
  for (std::size_t m = 0; m < movable_.size(); ++m)
    for (const double sign : {1.0, -1.0}) {
      double length = infinity;
      for (int j = 0; j < model_.segments(); ++j)
        if (const double way = sign * difference(segment, j, m); j != segment && way > 0.0)
          length = std::min(length, behind[static_cast<std::size_t>(j)] / (2.0 * way));
      const Way way{{{{m, sign}, {}}}, 1, length};
      if (length < best.length && is_allowed(x, way)) best = way;
    }
  return best;
}

// In the plane of two features the nearest border is the one of the least behind[j] / (2 |(c_j - c_a) in the plane|).
Reasoner::Way Reasoner::shortest_pair(std::span<const double> x, int segment, std::span<const double> behind) const {
  Way best;
  const auto consider = [&](std::size_t m, std::size_t n) {
    Way way{{}, 2, infinity};
    for (int j = 0; j < model_.segments(); ++j) {
      const double along_m = difference(segment, j, m);
      const double along_n = difference(segment, j, n);
      const double square = along_m * along_m + along_n * along_n;
      if (j == segment || !(square > 0.0)) continue;
      const double apart = std::sqrt(square);
      const double length = behind[static_cast<std::size_t>(j)] / (2.0 * apart);
      if (length < way.length) way = {{{{m, along_m / apart}, {n, along_n / apart}}}, 2, length};
    }
    if (way.length < best.length && is_allowed(x, way)) best = way;
  };
  for (int j = 0; j < model_.segments(); ++j) {
    if (j == segment) continue;
    const std::vector<int>& widest = widest_[static_cast<std::size_t>(segment * model_.segments() + j)];
    for (std::size_t m = 0; m < widest.size(); ++m)
      for (std::size_t n = m + 1; n < widest.size(); ++n)
        consider(static_cast<std::size_t>(widest[m]), static_cast<std::size_t>(widest[n]));
  }
  return best;
}

// With the new values in the columns' own units, which are encoded again.
Move Reasoner::scored(std::span<const double> x, int segment, const Way& way) const {
  Move move;
  std::vector<double> moved(x.begin(), x.end());
  for (int s = 0; s < way.count; ++s) {
    const Movable& movable = movable_[way.steps[static_cast<std::size_t>(s)].movable];
    const auto f = static_cast<std::size_t>(movable.feature);
    const portfolio::FittedColumn& column = model_.column_of(movable.feature);
    const double to = portfolio::decode(column.encoder, 0, x[f] + way.step(s));
    moved[f] = stored(model_, portfolio::encode(column.encoder, 0, to));
    if (!std::isfinite(to) || !std::isfinite(moved[f])) return Move{};
    move.steps[s] = {movable.block, to};
  }
  double least = infinity;
  for (int j = 0; j < model_.segments(); ++j) {
    if (is_retired(model_, j)) continue;
    const double distance = cluster::squared_distance(moved.data(), model_.centroids.row(j), model_.layout.features());
    if (distance < least) {
      least = distance;
      move.segment = j;
    }
  }
  if (move.segment == segment) return Move{};
  move.length = way.length + beyond_border;
  return move;
}

Move Reasoner::move(std::span<const double> x, int segment) const {
  std::vector<double> behind;
  for (int j = 0; j < model_.segments(); ++j)
    behind.push_back(cluster::squared_distance(x.data(), model_.centroids.row(j), model_.layout.features()));
  const double own = behind[static_cast<std::size_t>(segment)];
  for (int j = 0; j < model_.segments(); ++j) {
    double& each = behind[static_cast<std::size_t>(j)];
    each = is_retired(model_, j) ? infinity : std::max(each - own, 0.0);
  }
  const Way one = shortest_single(x, segment, behind);
  const Way two = shortest_pair(x, segment, behind);
  const Way& way = two.length < worth_a_column * one.length ? two : one;
  return way.count == 0 ? Move{} : scored(x, segment, way);
}

io::ColumnValues ReasonColumn::stored(std::span<const double> values_of_rows) const {
  io::ColumnValues made = io::make_values(spec.type);
  std::visit(
      [&]<class T>(std::vector<T>& column) {
        for (const double value : values_of_rows)
          if constexpr (std::is_same_v<T, std::string>)
            column.push_back(std::isnan(value) ? "" : words[static_cast<std::size_t>(value)]);
          else if constexpr (std::is_integral_v<T>)
            column.push_back(std::isnan(value) ? T{0} : static_cast<T>(value));
          else
            column.push_back(static_cast<T>(value));
      },
      made);
  return made;
}

std::vector<ReasonColumn> reason_columns(const Reasoner& reasoner) {
  std::vector<std::string> names;
  std::int64_t longest = 1;
  for (const portfolio::FeatureBlock& block : reasoner.model().layout.blocks()) {
    names.push_back(reasoner.model().columns[static_cast<std::size_t>(block.column)].column.name);
    longest = std::max(longest, std::ssize(names.back()));
  }
  std::vector<ReasonColumn> columns;
  const auto add_name = [&](std::string name) {
    columns.push_back({{std::move(name), io::ColumnType::text, longest}, names});
  };
  const auto add_number = [&](std::string name, io::ColumnType type) { columns.push_back({{std::move(name), type}}); };
  for (int r = 1; r <= reasoner.options().reasons; ++r) {
    add_name(fmt::format("reason_{}", r));
    add_number(fmt::format("reason_{}_part", r), io::ColumnType::float64);
  }
  if (!reasoner.options().move) return columns;
  add_number("move_segment", io::ColumnType::int32);
  for (int s = 1; s <= 2; ++s) {
    add_name(fmt::format("move_{}", s));
    add_number(fmt::format("move_{}_to", s), io::ColumnType::float64);
  }
  add_number("move_length", io::ColumnType::float64);
  return columns;
}

std::vector<double> reason_values(const Reasoner& reasoner, std::span<const double> x, int segment, int second) {
  std::vector<double> values;
  const bool has_parts = segment >= 0 && second >= 0;
  const std::vector<double> parts = has_parts ? reasoner.contributions(x, segment, second) : std::vector<double>();
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t b) { return parts[b]; });
  for (std::size_t r = 0; r < static_cast<std::size_t>(reasoner.options().reasons); ++r) {
    const bool is_any = r < order.size() && parts[order[r]] > 0.0;
    values.push_back(is_any ? static_cast<double>(order[r]) : nan);
    values.push_back(is_any ? parts[order[r]] : nan);
  }
  if (!reasoner.options().move) return values;
  const Move move = segment >= 0 ? reasoner.move(x, segment) : Move{};
  values.push_back(move.segment + 1);
  for (const Move::Step& step : move.steps) {
    values.push_back(step.block < 0 ? nan : step.block);
    values.push_back(step.to);
  }
  values.push_back(move.length);
  return values;
}

bool is_reason_column(const std::string& name) {
  for (const char* known : {"move_segment", "move_1", "move_1_to", "move_2", "move_2_to", "move_length"})
    if (name == known) return true;
  for (int r = 1; r <= most_reasons; ++r)
    if (name == fmt::format("reason_{}", r) || name == fmt::format("reason_{}_part", r)) return true;
  return false;
}

template <class T>
void append_reasons(const Reasoner& reasoner, const portfolio::FeatureMatrix<T>& matrix, const cluster::Scores& scores,
                    std::int64_t first, std::vector<ReasonColumn>& columns) {
  const std::size_t base = columns.empty() ? 0 : columns.front().values.size();
  for (ReasonColumn& column : columns) column.values.resize(base + static_cast<std::size_t>(matrix.rows()));
  core::ThreadFailure failure;
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < matrix.rows(); ++i)
    failure.guard([&] {
      const auto at = static_cast<std::size_t>(first + i);
      const std::vector<double> values =
          reason_values(reasoner, matrix.point(i), scores.segment[at], scores.second[at]);
      for (std::size_t c = 0; c < columns.size(); ++c)
        columns[c].values[base + static_cast<std::size_t>(i)] = values[c];
    });
  failure.rethrow();
}

template void append_reasons<float>(const Reasoner&, const portfolio::FeatureMatrix<float>&, const cluster::Scores&,
                                    std::int64_t, std::vector<ReasonColumn>&);
template void append_reasons<double>(const Reasoner&, const portfolio::FeatureMatrix<double>&, const cluster::Scores&,
                                     std::int64_t, std::vector<ReasonColumn>&);

}  // namespace cardseg::segments
