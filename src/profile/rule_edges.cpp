#include "profile/rule_edges.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace cardseg::profile {
namespace {

using portfolio::FittedColumn;
using portfolio::NumberEncoder;

// A number of feature space, and how far a rounder one may lie from it.
struct Wanted {
  double at = 0.0;
  double tolerance = 0.0;
};

std::vector<double> different_values(const cluster::Centroids& centroids, int feature) {
  std::vector<double> values;
  for (int j = 0; j < centroids.segments; ++j) values.push_back(centroids.row(j)[feature]);
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

// Midpoints, and of numbers even steps so that there are `most_edges` in all.
std::vector<Wanted> wanted_edges(const std::vector<double>& values, bool is_share) {
  std::vector<Wanted> wanted;
  const double width = values.back() - values.front();
  const double step = width / (most_edges + 1);
  for (std::size_t i = 1; i < values.size(); ++i) {
    const double gap = values[i] - values[i - 1];
    wanted.push_back({values[i - 1] + 0.5 * gap, std::min(0.5 * step, 0.25 * gap)});
  }
  if (is_share) return wanted;
  const int even = most_edges - static_cast<int>(wanted.size());
  for (int i = 1; i <= even; ++i) wanted.push_back({values.front() + width * i / (even + 1), 0.5 * step});
  return wanted;
}

bool holds_whole_numbers(const portfolio::Column& column) {
  if (column.kind == portfolio::Kind::ordinal) return false;
  return column.kind == portfolio::Kind::flag || column.stored_type.starts_with("int") ||
         column.stored_type.starts_with("uint");
}

// The feature of a customer without a value.
double missing_feature(const FittedColumn& column, int place) {
  if (const auto* category = std::get_if<portfolio::CategoryEncoder>(&column.encoder))
    return place == category->missing ? category->height : 0.0;
  const NumberEncoder& number = std::get<NumberEncoder>(column.encoder);
  return place == 0 ? number.encode(std::nan("")) : number.indicator;
}

struct Threshold {
  double edge = 0.0;
  double original = 0.0;
};

// None where values on both sides would not be told apart.
template <class T>
std::optional<Threshold> threshold_at(const FittedColumn& column, int place, const Wanted& wanted) {
  if (portfolio::is_share(column.encoder, place)) return Threshold{static_cast<double>(static_cast<T>(wanted.at)), 0.0};
  const NumberEncoder& encoder = std::get<NumberEncoder>(column.encoder);
  const double low = encoder.decode(0, wanted.at - wanted.tolerance);
  const double high = encoder.decode(0, wanted.at + wanted.tolerance);
  if (!std::isfinite(low) || !std::isfinite(high) || low > high) return std::nullopt;
  const double original = roundest_between(low, high);
  if (!(original >= encoder.clip.low && original < encoder.clip.high)) return std::nullopt;
  const double edge = static_cast<double>(static_cast<T>(encoder.encode(original)));
  if (!std::isfinite(edge)) return std::nullopt;
  return Threshold{edge, holds_whole_numbers(column.column) ? std::floor(original) : original};
}

template <class T>
FeatureEdges edges_of(const FittedColumn& column, int place, const std::vector<double>& values) {
  FeatureEdges edges;
  edges.missing = static_cast<double>(static_cast<T>(missing_feature(column, place)));
  if (values.size() < 2) return edges;
  std::vector<Threshold> found;
  for (const Wanted& wanted : wanted_edges(values, portfolio::is_share(column.encoder, place)))
    if (const auto threshold = threshold_at<T>(column, place, wanted);
        threshold && threshold->edge >= values.front() && threshold->edge < values.back())
      found.push_back(*threshold);
  std::ranges::stable_sort(found, {}, &Threshold::edge);
  for (const Threshold& each : found) {
    if (!edges.edge.empty() && each.edge == edges.edge.back()) continue;
    edges.edge.push_back(each.edge);
    edges.original.push_back(each.original);
  }
  return edges;
}

}  // namespace

double roundest_between(double low, double high) {
  if (low <= 0.0 && high >= 0.0) return 0.0;
  if (low == high) return low;
  const double middle = low + 0.5 * (high - low);
  const int coarsest = static_cast<int>(std::floor(std::log10(std::max(std::abs(low), std::abs(high)))));
  for (int power = coarsest; power > coarsest - 17; --power) {
    const double scale = std::pow(10.0, std::abs(power));
    const double rounded = power >= 0 ? std::nearbyint(middle / scale) * scale : std::nearbyint(middle * scale) / scale;
    if (rounded >= low && rounded <= high) return rounded;
  }
  return middle;
}

RuleEdges::RuleEdges(std::vector<FeatureEdges> of) : of_(std::move(of)) {
  constexpr int cells = 1024;
  for (const FeatureEdges& edges : of_) {
    first_bin_.push_back(first_bin_.back() + edges.bins());
    Grid& grid = grids_.emplace_back();
    if (edges.edge.size() < 2) continue;
    grid.low = edges.edge.front();
    grid.cells_per_unit = cells / (edges.edge.back() - edges.edge.front());
    if (!std::isfinite(grid.cells_per_unit)) grid.cells_per_unit = 0.0;
    for (int c = 0; c <= cells && grid.cells_per_unit > 0.0; ++c) {
      const double from = grid.low + (c - 1) / grid.cells_per_unit;  // a cell lower: rounding may not matter
      grid.bin.push_back(static_cast<std::uint8_t>(std::ranges::lower_bound(edges.edge, from) - edges.edge.begin()));
    }
  }
}

template <class T>
RuleEdges RuleEdges::between(const cluster::Centroids& centroids, const std::vector<FittedColumn>& columns,
                             const portfolio::FeatureLayout& layout, T) {
  std::vector<FeatureEdges> edges;
  for (const portfolio::FeatureBlock& block : layout.blocks())
    for (int f = block.begin; f < block.end; ++f)
      edges.push_back(edges_of<T>(columns[static_cast<std::size_t>(block.column)], f - block.begin,
                                  different_values(centroids, f)));
  return RuleEdges(std::move(edges));
}

template RuleEdges RuleEdges::between<float>(const cluster::Centroids&, const std::vector<FittedColumn>&,
                                             const portfolio::FeatureLayout&, float);
template RuleEdges RuleEdges::between<double>(const cluster::Centroids&, const std::vector<FittedColumn>&,
                                              const portfolio::FeatureLayout&, double);

Condition RuleEdges::condition(int feature, int edge, bool is_above) const {
  const FeatureEdges& edges = of(feature);
  const double at = edges.edge[static_cast<std::size_t>(edge)];
  return {feature, at, edges.original[static_cast<std::size_t>(edge)], is_above, (edges.missing <= at) != is_above};
}

int RuleEdges::bin(int feature, double x) const {
  const std::vector<double>& edge = of(feature).edge;
  const Grid& grid = grids_[static_cast<std::size_t>(feature)];
  std::size_t b = 0;
  if (!grid.bin.empty()) {
    if (x > edge.back()) return static_cast<int>(edge.size());
    const double cell = (x - grid.low) * grid.cells_per_unit;
    if (cell > 0.0) b = grid.bin[std::min(static_cast<std::size_t>(cell), grid.bin.size() - 1)];
  }
  while (b < edge.size() && x > edge[b]) ++b;
  return static_cast<int>(b);
}

}  // namespace cardseg::profile
