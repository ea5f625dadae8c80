// What a report is made of, by hand: as many segments and columns as wanted, with figures that follow from their
// places alone.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "cardseg/report/fit_content.hpp"
#include "support/small_model.hpp"

namespace cardseg::report::samples {

/// What a FitContent refers to.
struct Content {
  segments::Model model;
  profile::Profile profile;
  FitEvidence evidence;

  FitContent content() const { return {model, profile, evidence, segment_words(profile)}; }
};

/// -1 to 1: as a segment differs from the portfolio in a column.
inline double difference(int segment, int column) {
  return segment == 0 ? 0.0 : std::sin(1.7 * segment + 2.3 * column);
}

inline profile::NumberProfile numbers(const profile::Profile& profile, int segment, int column) {
  const double mean = 1000.0 * (column + 1);
  const double effect = difference(segment, column);
  profile::NumberProfile numbers;
  numbers.present = profile.customers[static_cast<std::size_t>(segment)];
  numbers.zeros = {numbers.present.customers / 5, false};
  numbers.mean = {mean * (1 + effect / 2), false};
  numbers.sd = {mean / 2, false};
  for (std::size_t q = 0; q < numbers.quantile.size(); ++q)
    numbers.quantile[q] = {mean * (1 + effect / 2) * static_cast<double>(q) / 3, false};
  numbers.total = {numbers.mean.value * static_cast<double>(numbers.present.customers), false};
  numbers.index = {100 * (1 + effect / 2), false};
  numbers.effect = {effect, false};
  return numbers;
}

/// The first column is what segments are worth; the last is a category that is kept out of the distance.
inline Content content_of(int segments, int columns) {
  Content made;
  made.model = support::small_model();
  made.model.columns = {made.model.columns[0]};
  made.profile.segments = segments;
  made.profile.customers.emplace_back();
  for (int j = 1; j <= segments; ++j) {
    made.profile.customers.push_back({1000 * (segments + 1 - j), false});
    made.profile.customers[0].customers += made.profile.customers.back().customers;
  }
  for (int c = 0; c < columns; ++c) {
    profile::ColumnProfile& column = made.profile.columns.emplace_back();
    made.model.columns.push_back(support::model_feature("some_column_" + std::to_string(c), 50, 0.1));
    column.column = made.model.columns.back().column;
    column.column.value_number = c == 0 ? 1 : 0;
    column.is_in_distance = true;
    column.separation = {1.0 / (c + 2), false};
    for (int j = 0; j <= segments; ++j) column.numbers.push_back(numbers(made.profile, j, c));
    for (profile::NumberProfile& each : column.numbers)
      each.total_share = {each.total.value / column.numbers[0].total.value, false};
  }
  profile::ColumnProfile& region = made.profile.columns.emplace_back();
  made.model.columns.push_back(support::model_column("region", portfolio::Role::profile));
  region.column = made.model.columns.back().column;
  region.levels = {"north", "south"};
  for (int j = 0; j <= segments; ++j) {
    const double north = 0.5 + difference(j, columns) / 4;
    profile::CategoryProfile& category = region.categories.emplace_back();
    category.levels = {{{}, {north, false}, {200 * north, false}},
                       {{}, {1 - north, false}, {200 * (1 - north), false}}};
  }
  made.model.layout = portfolio::FeatureLayout(made.model.columns);
  made.model.centroids = cluster::Centroids(segments, columns);
  made.model.totals = {};
  made.model.names.clear();
  for (int j = 1; j <= segments; ++j) {
    made.model.totals.customers.push_back(made.profile.customers[static_cast<std::size_t>(j)].customers);
    made.model.totals.mass.push_back(static_cast<double>(made.model.totals.customers.back()));
    made.model.totals.inertia.push_back(static_cast<double>(100 * j));
    made.model.names.push_back({std::to_string(j), "Segment " + std::to_string(j)});
    made.evidence.silhouette.by_segment.push_back(0.6 - 0.1 * j);
    made.evidence.silhouette.customers.push_back(made.model.totals.customers.back());
    made.evidence.separation.near_border.push_back({50});
    made.evidence.separation.next.push_back({j == 1 && segments > 1 ? 2 : 1, {400}});
  }
  made.evidence.separation.near_border.insert(made.evidence.separation.near_border.begin(), {50 * segments});
  made.evidence.silhouette.mean = 0.45;
  made.evidence.silhouette.is_of_all = true;
  return made;
}

}  // namespace cardseg::report::samples
