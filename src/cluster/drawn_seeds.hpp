// What seedings on a sample share: seeds as options say, and how they settle there.
#pragma once

#include "cardseg/cluster/refined_seeding.hpp"

namespace cardseg::cluster {

/// Pure. The options of iterations on a sample: they end sooner than on all customers. How customers are compared
/// changes no result, and shared passes are of no use there.
FitOptions on_sample(FitOptions options);

/// Collective. Seeds of a restart by `options.seeding`, on these customers.
template <class T>
Seeds draw(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& customers, const FitOptions& options,
           int restart);

}  // namespace cardseg::cluster
