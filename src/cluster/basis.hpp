// What fits need of the customers, whatever their options.
#pragma once

#include <cstdint>

#include "cardseg/cluster/segment_sums.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"
#include "cluster/scatter.hpp"

namespace cardseg::cluster {

struct Basis {
  std::int64_t customers = 0;  ///< people
  SumGrids grids;
  Scatter scatter;
};

/// Collective. Three passes over the matrix.
template <class T>
Basis make_basis(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix);

/// The customers that fits work on, of all ranks, and who hears of it. What it names outlives whoever uses it.
template <class T>
struct FitSetting {
  const comm::Communicator& comm;
  portfolio::FeatureMatrix<T>& matrix;
  const Basis& basis;
  core::Events& events;
};

}  // namespace cardseg::cluster
