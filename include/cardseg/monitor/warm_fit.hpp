// A fit that begins with the centroids of a model and, where it should stay near them, is held there by their mass.
//
// With S_j the sum of a segment's customers, n_j their number, c_j the old centroid and p_j the customers that the old
// model puts there, an iteration is Lloyd's with
//   c = (S_j + w p_j c_j) / (n_j + w p_j)
// a prior of w p_j customers at the old centroid. w = 0 is Lloyd's own. w is a whole number: the same bytes everywhere.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/core/option.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"
#include "cardseg/quality/adjusted_rand.hpp"

namespace cardseg::monitor {

struct WarmFitOptions {
  /// The largest share of customers, 0 to 1, whose segment may be another than by the old model on the same values.
  double max_moved = 0.15;
  bool any_move = false;  ///< no limit: w = 0
  int max_iterations = 300;
};

core::OptionTable describe(WarmFitOptions& options);
/// Throws core::Error(usage).
void validate(const WarmFitOptions& options);

/// The weights w that are tried, one after the other.
inline constexpr std::int64_t prior_weights[] = {0, 1, 2, 4, 8, 16, 32, 64};

struct WarmFit {
  cluster::Centroids centroids;         ///< in the order of the old ones
  std::vector<std::int32_t> local_old;  ///< the old model's segment of each local row, from 0
  std::vector<std::int32_t> local_new;
  quality::Contingency shared{0, 0};  ///< customers by both
  std::int64_t weight = 0;            ///< w
  std::int64_t moved = 0;             ///< customers of another segment than by the old model, partners taken as one
  int iterations = 0;
  bool is_fixed_point = false;
};

/// Collective. The first weight of prior_weights whose fit moves no more than may move. Segments without customers keep
/// their centroids. Throws comm::AgreedError: bad_data where there is no customer, permission where every weight moves
/// more. Customers change places in `matrix` meanwhile, and lie as before afterwards. Memory beside the matrix: as
/// cluster::fit, and 8 bytes a customer.
template <class T>
WarmFit warm_fit(const comm::Communicator& comm, portfolio::FeatureMatrix<T>& matrix, const cluster::Centroids& old,
                 const WarmFitOptions& options, core::Events& events);

}  // namespace cardseg::monitor
