// Whether independent restarts of a fit found the same segments: a number of segments that fits the data is found
// again.
#pragma once

#include <vector>

#include "cardseg/cluster/fit.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::quality {

/// Collective. The adjusted Rand index of each restart's segments against the best restart's (which itself has 1).
/// One pass over the matrix labels each customer by every restart's centroids; labels are never kept. 8 R k^2 bytes a
/// thread and rank for R restarts, and one allreduce of as many.
template <class T>
std::vector<double> agreement_with_best(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                                        const cluster::FitResult& fitted);

/// Pure. The mean of the agreement of those other restarts that were not given up (NaN); NaN where there is none.
double mean_agreement(const std::vector<double>& agreement, int best_restart);

}  // namespace cardseg::quality
