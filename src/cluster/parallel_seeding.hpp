// k-means||: a few rounds draw many candidates each, which are then clustered themselves (Bahmani, Moseley, Vattani,
// Kumar, Vassilvitskii: Scalable k-means++, VLDB 2012, with weighted reclustering).
//
//   candidates = one customer, uniformly; each round takes customer i with probability min(1, 2 k D_i^2 / sum D^2)
//   weight_c = customers whose nearest candidate is c; seeds = recluster(candidates, weights)
//
// A round lowers D^2 to all its candidates in one pass; the pass also keeps who is nearest, so weights need none:
// rounds + 1 passes, about 2 k rounds distances a customer, screened in float32. Every rank holds all candidates, at
// most 8 k + 16 a round.
#pragma once

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/options.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

/// Collective. options.segments centroids. 12 bytes a customer while it runs. Where the rounds end with fewer
/// candidates than segments, draws as k-means++ makes them, a pass each, supply the rest. Throws comm::AgreedError
/// where D^2 vanish.
template <class T>
Centroids seed_parallel(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                        const FitOptions& options, std::uint32_t restart);

}  // namespace cardseg::cluster
