// Customers in feature space, made up in memory: for measuring, where neither shards nor columns matter.
#pragma once

#include <cstdint>

#include "cardseg/core/range.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::generate {

/// A mixture of normal clusters that overlap, so that fits take many iterations.
struct MixtureOptions {
  int features = 20;  ///< 1 and up
  int clusters = 16;  ///< 1 and up
  std::uint64_t seed = 1;
};

/// Local. The customers of `rows`. A value depends on seed, clusters, row and feature alone: not on who makes it, nor
/// on how many others there are. Threads share the rows. About 10 ns a value.
template <class T>
portfolio::FeatureMatrix<T> make_mixture(const MixtureOptions& options, const core::Range& rows);

}  // namespace cardseg::generate
