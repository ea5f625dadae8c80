// What is odd about the data that a model was fitted on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cardseg/portfolio/covariance.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::report {

/// Pure. Sentences, each without its full stop: columns that say what segments are worth and shape them, that are
/// mostly missing, that have long tails which nothing tames (by the range and the deviation that the model keeps), that
/// bring most of the total variance alone, and pairs that say nearly the same. `covariance`: of the fit's features,
/// where it is known.
std::vector<std::string> data_warnings(const segments::Model& model,
                                       const std::optional<portfolio::Covariance>& covariance);

/// Pure. "share of the variance: balance 12 %, region 9 %, ...", the largest first; empty where shares are not known.
std::string variance_text(const segments::Model& model);

}  // namespace cardseg::report
