#include "report/map_centre.hpp"

#include <algorithm>
#include <cmath>

#include "cardseg/portfolio/encoder.hpp"
#include "cardseg/segments/tables.hpp"
#include "report/figures.hpp"

namespace cardseg::report {
namespace {

// In place of a coordinate that is withheld.
double stand_in(const FitContent& content, int segment, int feature) {
  const double mean = content.evidence.map->axes.mean[static_cast<std::size_t>(feature)];
  const portfolio::FittedColumn& fitted = content.model.column_of(feature);
  const auto column = std::ranges::find(content.profile.columns, fitted.column.name,
                                        [](const profile::ColumnProfile& each) { return each.column.name; });
  if (content.model.is_share(feature) || column == content.profile.columns.end() || column->is_category()) return mean;
  const double median = number_of(column->numbers[static_cast<std::size_t>(segment)].quantile[profile::median]);
  const int place = feature - content.model.layout.block_of(feature).begin;
  const double encoded = std::isfinite(median) ? portfolio::encode(fitted.encoder, place, median) : median;
  return std::isfinite(encoded) ? encoded : mean;
}

}  // namespace

std::optional<profile::MapPoint> map_centre(const FitContent& content, int segment) {
  if (content.profile.customers[static_cast<std::size_t>(segment)].is_withheld) return std::nullopt;
  std::vector<double> features;
  for (int f = 0; f < content.model.centroids.features; ++f)
    features.push_back(segments::is_coordinate_withheld(content.model, content.profile, segment - 1, f)
                           ? stand_in(content, segment, f)
                           : content.model.centroids.row(segment - 1)[f]);
  return content.evidence.map->axes.at(features);
}

}  // namespace cardseg::report
