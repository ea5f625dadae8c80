// Some customers, drawn so that who they are depends on the seed and the global rows alone.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::quality {

/// Collective. This rank's rows among the `size` global rows with the smallest random numbers of (seed, row), ties to
/// the lower row, ascending; all rows where there are no more than `size`. `mine`: the global rows of this rank.
/// One random number a local row; 16 bytes for each of at most `size` candidates; 65 allreduces of one integer.
std::vector<std::int64_t> draw_rows(const comm::Communicator& comm, core::Range mine, std::int64_t size,
                                    std::uint64_t seed);

/// Collective. The features of the drawn customers of all ranks, in the order of global rows, on every rank: sample row
/// i is local row i of the result. d allgathers of one feature each.
template <class T>
portfolio::FeatureMatrix<T> gather_sample(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                                          const std::vector<std::int64_t>& local_rows);

}  // namespace cardseg::quality
