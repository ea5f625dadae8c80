// Two classical indices of how compact and apart segments are.
#pragma once

#include <vector>

#include "cardseg/quality/segmentation.hpp"
#include "cardseg/quality/silhouette.hpp"

namespace cardseg::quality {

/// Pure. (between / (k - 1)) / (within / (n - k)). Sums are weighted: between = sum_j M_j |m_j - m|^2, M_j the mass of
/// segment j, and within = sum_j scatter_j. Degrees of freedom are heads: k segments with customers, n customers; so
/// twice the weights give the same index. Larger is better. Calinski, Harabasz 1974. NaN where it is not defined: fewer
/// than two segments with customers, as many segments as customers, no scatter at all.
double calinski_harabasz(const Segmentation& segmentation);

/// Pure. between / (between + within): the share of the features' variance that lies between segments. NaN where
/// nothing varies.
double r_squared(const Segmentation& segmentation);

/// Pure. The mean over segments i of max_j (d_i + d_j) / |m_i - m_j|, d the mean Euclidean distance of customers to
/// their mean, over mass; each segment with customers counts as one, whatever its mass. Equal means count as infinitely
/// far, as in scikit-learn. Smaller is better. Davies, Bouldin 1979. NaN where fewer than two segments have customers.
/// k^2 d flops.
double davies_bouldin(const Segmentation& segmentation, const Silhouette& silhouette);

}  // namespace cardseg::quality
