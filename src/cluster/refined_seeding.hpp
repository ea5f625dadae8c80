// First centroids from a sample of the customers: k-means++ and Lloyd's iterations there, as Bradley and Fayyad 1998 refine
// starting points, with one sample. Passes over all customers then begin near where they end.
#pragma once

#include <cstdint>
#include <optional>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/options.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

/// Seeds restarts, all on one sample while the number of segments asks for no larger one.
template <class T>
class RefinedSeeding {
 public:
  RefinedSeeding(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix)
      : comm_(comm), matrix_(matrix) {}

  /// Collective. As make_seeds() for Seeding::refined. One pass over all customers where a sample is drawn.
  Centroids make(const FitOptions& options, int restart);

 private:
  void draw(std::int64_t expected, std::int64_t customers, std::uint64_t seed);

  const comm::Communicator& comm_;
  const portfolio::FeatureMatrix<T>& matrix_;
  std::int64_t expected_ = 0;  // customers in sample_
  std::uint64_t seed_ = 0;     // that it was drawn with
  std::optional<portfolio::FeatureMatrix<T>> sample_;
};

}  // namespace cardseg::cluster
