// The section `baseline` of model.json, and back.
#pragma once

#include <nlohmann/json.hpp>

#include "cardseg/segments/model.hpp"

namespace cardseg::segments {

/// With the SHA-256 of all of it, by which a change is found. Withheld figures are null.
nlohmann::ordered_json baseline_json(const profile::Baseline& baseline);

/// The inverse, for a model whose columns and centroids are read. Throws std::exception where it does not fit these, or
/// was changed after it was written.
profile::Baseline baseline_from(const nlohmann::ordered_json& j, const Model& model);

}  // namespace cardseg::segments
