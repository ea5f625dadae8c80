// Feature matrices for tests, from rows that all ranks made alike.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::support {

/// One customer a row.
using Rows = std::vector<std::vector<double>>;

/// Local. The rows local_range(rank, n, size), each feature rounded to T. `features` is needed where there is no row.
template <class T>
portfolio::FeatureMatrix<T> make_matrix(const comm::Communicator& comm, const Rows& rows, int features = 0) {
  const core::Range mine = core::local_range(comm.rank(), static_cast<std::int64_t>(rows.size()), comm.size());
  portfolio::FeatureMatrix<T> matrix(mine, rows.empty() ? features : static_cast<int>(rows.front().size()));
  for (std::int64_t i = mine.begin; i < mine.end; ++i)
    for (int f = 0; f < matrix.features(); ++f)
      matrix.at(i - mine.begin, f) = static_cast<T>(rows[static_cast<std::size_t>(i)][static_cast<std::size_t>(f)]);
  return matrix;
}

}  // namespace cardseg::support
