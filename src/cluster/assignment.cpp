#include "cardseg/cluster/assignment.hpp"

#include <cmath>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/cluster/weight.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/portfolio/grouped_sums.hpp"

namespace cardseg::cluster {
namespace {

using portfolio::FeatureMatrix;
using portfolio::tile_rows;

float margin_of(double nearest, double second) {
  if (!(second > 0) || std::isinf(second)) return second > 0 ? 1.0f : 0.0f;
  return static_cast<float>(1.0 - std::sqrt(nearest / second));
}

}  // namespace

template <class T>
void append_scores(const FeatureMatrix<T>& matrix, const Centroids& centroids, Scores& scores) {
  const auto base = static_cast<std::size_t>(scores.rows());
  const std::size_t size = base + static_cast<std::size_t>(matrix.rows());
  scores.segment.resize(size);
  scores.second.resize(size);
  scores.squared_distance.resize(size);
  scores.margin.resize(size);
#pragma omp parallel for schedule(static)
  for (std::int64_t t = 0; t < (matrix.rows() + tile_rows - 1) / tile_rows; ++t) {
    NearestTile answer;
    find_nearest(matrix.tile(t), centroids, answer);
    const std::int64_t rows = std::min(tile_rows, matrix.rows() - t * tile_rows);
    for (std::int64_t i = 0; i < rows; ++i) {
      const std::size_t at = base + static_cast<std::size_t>(t * tile_rows + i);
      scores.segment[at] = answer.first[i];
      scores.second[at] = answer.second[i];
      scores.squared_distance[at] = answer.first_distance[i];
      scores.margin[at] = margin_of(answer.first_distance[i], answer.second_distance[i]);
    }
    matrix.done_with(t);
  }
}

template void append_scores<float>(const FeatureMatrix<float>&, const Centroids&, Scores&);
template void append_scores<double>(const FeatureMatrix<double>&, const Centroids&, Scores&);

SegmentTotals total_segments(const comm::Communicator& comm, const Scores& local_scores, int segments) {
  const portfolio::Grouping by_segment{local_scores.segment, segments};
  portfolio::GroupTotals inertia = portfolio::total_by_group(comm, by_segment, [&](std::int64_t i) {
    return customer_weight * local_scores.squared_distance[static_cast<std::size_t>(i)];
  });
  SegmentTotals totals;
  totals.customers = portfolio::count_by_group(comm, by_segment);
  totals.mass = masses_of(totals.customers);
  totals.inertia = std::move(inertia.by_group);
  totals.total_inertia = inertia.all;
  return totals;
}

template <class T>
FinalScores score_by_size(const comm::Communicator& comm, const FeatureMatrix<T>& matrix, Centroids centroids) {
  FinalScores final;
  std::vector<Centroids> sets = {std::move(centroids)};
  number_by_size(sets, [&](const std::vector<std::size_t>&) {
    final.local_scores = {};
    comm::agree(comm, [&] { append_scores(matrix, sets[0], final.local_scores); });
    final.totals = total_segments(comm, final.local_scores, sets[0].segments);
    return std::vector<std::vector<std::int64_t>>{final.totals.customers};
  });
  final.centroids = std::move(sets[0]);
  return final;
}

template FinalScores score_by_size<float>(const comm::Communicator&, const FeatureMatrix<float>&, Centroids);
template FinalScores score_by_size<double>(const comm::Communicator&, const FeatureMatrix<double>&, Centroids);

}  // namespace cardseg::cluster
