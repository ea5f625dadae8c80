// From a finished segmentation to the rules that come close to it.
//
// The tree with a leaf a segment: iterative mistake minimisation (Dasgupta, Frost, Moshkovitz, Rashtchian, "Explainable
// k-means and k-medians clustering", 2020). Grown: "ExKMC: Expanding explainable k-means clustering" (Frost,
// Moshkovitz, Rashtchian 2020), best first. Counts are integers: the same on any number of ranks and threads.
#pragma once

#include <cstdint>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/cluster/centroids.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"
#include "cardseg/profile/disclosure.hpp"
#include "cardseg/profile/rules.hpp"

namespace cardseg::profile {

/// The segmentation that is to be told in rules.
struct RuledModel {
  const std::vector<portfolio::FittedColumn>& columns;
  const portfolio::FeatureLayout& layout;
  const cluster::Centroids& centroids;
  std::vector<std::int64_t> customers;  ///< by segment
};

/// Collective. `local_scores`: of the matrix's rows. Thresholds are made of centroids and even steps between them,
/// never of a customer's values, and rounded before anything is counted: what is published is what the printed rules
/// give. Withheld segments (disclosed_sizes) have no rule and no leaf. Customers of a sample by `seed` say which rules
/// and further leaves there are; counts are of everybody. Cost: one pass over all features, a light one for each level
/// of the tree, and one that counts; up to 256 k d counts a thread (k segments, d features), of which as many are added
/// over ranks for each level.
template <class T>
Rules compute_rules(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix, const RuledModel& model,
                    const cluster::Scores& local_scores, std::uint64_t seed, const DisclosureOptions& disclosure);

}  // namespace cardseg::profile
