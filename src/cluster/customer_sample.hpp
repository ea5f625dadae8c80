// Some of the customers, drawn by row.
#pragma once

#include <cstdint>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/philox.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

/// Collective, one pass. About `expected` of `customers` (of all ranks, more than that): row i where its own 64 bits of
/// `random` are below floor(2^64 expected / customers). Each rank keeps those of its rows; they are numbered anew.
template <class T>
portfolio::FeatureMatrix<T> draw_sample(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                                        std::int64_t customers, std::int64_t expected, const core::RowRandom& random);

/// Collective. All customers, in their order, on every rank.
template <class T>
portfolio::FeatureMatrix<T> gather(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& customers);

/// Collective, one pass. About `expected` customers as draw_sample() draws them, or all where there are no more, on
/// every rank.
template <class T>
portfolio::FeatureMatrix<T> gather_some(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                                        std::int64_t expected, const core::RowRandom& random);

}  // namespace cardseg::cluster
