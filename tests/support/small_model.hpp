// A model made by hand for tests: two features, three segments.
#pragma once

#include <limits>
#include <string>

#include "cardseg/segments/model.hpp"

namespace cardseg::support {

inline portfolio::FittedColumn model_feature(const std::string& name, double centre, double factor) {
  portfolio::FittedColumn feature;
  feature.column.name = name;
  feature.column.role = portfolio::Role::feature;
  feature.column.stored_type = "float64";
  feature.encoder = portfolio::NumberEncoder{feature.column.settings, 0.1, centre, factor};
  feature.facts = {70, 3, {-1.5, 99.25}, 1.0 / 3, 12.5};
  return feature;
}

inline portfolio::FittedColumn model_column(const std::string& name, portfolio::Role role,
                                            const std::string& reason = "") {
  portfolio::FittedColumn fitted;
  fitted.column.name = name;
  fitted.column.role = role;
  fitted.column.kind = role == portfolio::Role::id ? portfolio::Kind::id : portfolio::Kind::category;
  fitted.column.stored_type = "text";
  fitted.column.reason = reason;
  return fitted;
}

inline segments::Model small_model() {
  using portfolio::Role;
  segments::Model model;
  model.columns = {model_column("customer_id", Role::id), model_feature("balance", 10.0, 0.5),
                   model_feature("spend, total", -1.0 / 7, 3.0), model_column("city", Role::unused, "text"),
                   model_column("flag", Role::unused, "constant")};
  model.columns[2].column.settings.missing = portfolio::Missing::error;
  model.columns[2].encoder = portfolio::NumberEncoder{model.columns[2].column.settings,
                                                      std::numeric_limits<double>::quiet_NaN(), -1.0 / 7, 3.0};
  model.layout = portfolio::FeatureLayout(model.columns);
  model.centroids = cluster::Centroids(3, 2);
  model.centroids.values = {0.0, 0.0, 1.0 / 3, -2.0, 1e-17, 12345.678};
  model.totals = {{50, 20, 3}, {50, 20, 3}, {1.25, 2.0 / 3, 0.0}, 1.25 + 2.0 / 3};
  model.names = {{"1", "Segment 1"}, {"2", "Segment 2"}, {"3", "Segment 3"}};
  model.program = {"0.1.0", "abcdef"};
  model.fit = {{{"seed", "18446744073709551615"}, {"seeding", "k-means++"}},
               10,
               7,
               23,
               "fixed-point",
               4,
               0,
               cluster::InertiaBound{1.25, true},
               "greedy on all 73 customers"};
  return model;
}

// The same with its first feature alone, and one segment.
inline segments::Model smallest_model() {
  segments::Model model = small_model();
  model.columns.erase(model.columns.begin() + 2);
  model.layout = portfolio::FeatureLayout(model.columns);
  model.centroids = cluster::Centroids(1, 1);
  return model;
}

}  // namespace cardseg::support
