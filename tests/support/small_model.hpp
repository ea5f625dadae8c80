// A model made by hand for tests: two features, three segments.
#pragma once

#include <limits>
#include <string>

#include "cardseg/segments/model.hpp"

namespace cardseg::support {

inline segments::ModelFeature model_feature(const std::string& name, double centre, double factor) {
  segments::ModelFeature feature;
  feature.encoder.description.name = name;
  feature.encoder.centre = centre;
  feature.encoder.factor = factor;
  feature.encoder.fill = 0.1;
  feature.stored_type = "float64";
  feature.facts = {70, 3, -1.5, 99.25, 1.0 / 3};
  return feature;
}

inline segments::Model small_model() {
  segments::Model model;
  model.id_column = "customer_id";
  model.features = {model_feature("balance", 10.0, 0.5), model_feature("spend, total", -1.0 / 7, 3.0)};
  model.features[1].encoder.description.missing = portfolio::Missing::error;
  model.features[1].encoder.fill = std::numeric_limits<double>::quiet_NaN();
  model.unused = {{"city", "text"}, {"flag", "constant"}};
  model.centroids = cluster::Centroids(3, 2);
  model.centroids.values = {0.0, 0.0, 1.0 / 3, -2.0, 1e-17, 12345.678};
  model.customers = {50, 20, 3};
  model.segment_inertia = {1.25, 2.0 / 3, 0.0};
  model.inertia = 1.25 + 2.0 / 3;
  model.fit = {"k-means++", std::numeric_limits<std::uint64_t>::max(), 10, 7, 23, "fixed-point", 0.0, 300};
  return model;
}

}  // namespace cardseg::support
