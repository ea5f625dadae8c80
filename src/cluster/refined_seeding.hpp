// First centroids from a sample of the customers: k-means++ and Lloyd's iterations there, as Bradley and Fayyad 1998 refine
// starting points, with one sample. Passes over all customers then begin near where they end.
#pragma once

#include <cstdint>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/options.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

/// Collective. make_seeds() for Seeding::refined. Row i is in the sample of a restart where its own 64 bits are below
/// floor(2^64 m / n), m = refining_sample().
template <class T>
Centroids seed_refined(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                       const FitOptions& options, int restart);

}  // namespace cardseg::cluster
