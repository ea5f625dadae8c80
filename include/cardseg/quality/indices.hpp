// Two classical indices of how compact and apart segments are.
#pragma once

#include <vector>

#include "cardseg/quality/segmentation.hpp"
#include "cardseg/quality/silhouette.hpp"

namespace cardseg::quality {

/// Pure. (between / (k - 1)) / (within / (n - k)): between = sum_j n_j |m_j - m|^2, within = sum_j scatter_j. Larger is
/// better. Calinski, Harabasz 1974. NaN where it is not defined: fewer than two segments with customers, as many
/// segments as customers, no scatter at all. Segments without customers do not count.
double calinski_harabasz(const Segmentation& segmentation);

/// Pure. The mean over segments i of max_j (d_i + d_j) / |m_i - m_j|, d the mean Euclidean distance of customers to
/// their mean; equal means count as infinitely far, as in scikit-learn. Smaller is better. Davies, Bouldin 1979. NaN
/// where fewer than two segments have customers. k^2 d flops.
double davies_bouldin(const Segmentation& segmentation, const Silhouette& silhouette);

}  // namespace cardseg::quality
