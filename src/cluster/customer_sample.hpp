// Some of the customers, drawn by row.
#pragma once

#include <cstdint>
#include <optional>

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

/// Customers that every rank has: the same on all of them, in the same order.
template <class T>
struct SharedCustomers {
  std::optional<portfolio::FeatureMatrix<T>> copy;  ///< none where this rank alone has them anyway
  const portfolio::FeatureMatrix<T>* customers = nullptr;

  const portfolio::FeatureMatrix<T>& all() const { return copy ? *copy : *customers; }
};

/// Collective, one pass. About `expected` customers as draw_sample() draws them, or all where there are no more.
/// `matrix` outlives the answer.
template <class T>
SharedCustomers<T> share_some(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                              std::int64_t expected, const core::RowRandom& random);

}  // namespace cardseg::cluster
