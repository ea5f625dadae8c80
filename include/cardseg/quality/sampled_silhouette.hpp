// The silhouette with Euclidean distances, of a sample: the distances of all pairs are computed once for all models.
//
//   a = mean distance to the others of the own segment, b = least mean distance to another segment that the sample has
//   s = (b - a) / max(a, b), 0 where the customer is alone in its segment; the mean over the sample
// as scikit-learn's silhouette_score defines it. These means are over mass, sum w d / sum w and sum w s / sum w, with
// weights w of 1. The sample is drawn by heads (sample.hpp), so that a weight counts once. Distances are rounded to one
// fixed-point grid and added as integers.
// For a sample of N: 3 N^2 d / P flops on each of P ranks, plus N^2 / P additions a model.
#pragma once

#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::quality {

/// Collective. One number for each set of centroids; NaN where the sample is in fewer than two segments. `sample`: the
/// same on all ranks (gather_sample); each rank takes its share of the rows. 4 N bytes a set for the sample's labels.
template <class T>
std::vector<double> sampled_silhouettes(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& sample,
                                        const std::vector<cluster::Centroids>& centroids);

}  // namespace cardseg::quality
