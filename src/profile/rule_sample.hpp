// Some customers that every rank has, among which rules are looked for.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"
#include "profile/rule_edges.hpp"

namespace cardseg::profile {

struct RuleSample {
  std::vector<std::int32_t> segment;  ///< the nearest centroid, from 0
  std::vector<std::uint8_t> bin;      ///< [feature][customer]
  std::vector<double> distance;       ///< [customer][segment], squared

  std::size_t customers() const { return segment.size(); }
  const std::uint8_t* bins_of(int feature) const {
    return bin.data() + static_cast<std::size_t>(feature) * customers();
  }
};

/// Collective. At most 65,536 customers, fewer of very many features or segments (16 to 64 MB), the same ones for the
/// same seed on any number of ranks.
template <class T>
RuleSample draw_rule_sample(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                            const cluster::Centroids& centroids, const RuleEdges& edges, std::uint64_t seed);

}  // namespace cardseg::profile
