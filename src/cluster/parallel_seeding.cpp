#include "cluster/parallel_seeding.hpp"

#include <algorithm>
#include <set>

#include "cardseg/cluster/seeding.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cluster/masses.hpp"
#include "cluster/recluster.hpp"

namespace cardseg::cluster {
namespace {

using core::Purpose;
using core::RowRandom;

// The points without those that equal an earlier one: two customers of one place may be taken in one round.
Centroids without_repeats(const Centroids& points) {
  std::set<std::vector<double>> seen;
  Centroids kept(0, points.features);
  for (int j = 0; j < points.segments; ++j) {
    const std::vector<double> point(points.row(j), points.row(j) + points.features);
    if (!seen.insert(point).second) continue;
    kept.values.insert(kept.values.end(), point.begin(), point.end());
    ++kept.segments;
  }
  return kept;
}

// Candidates so far, and the masses they leave.
template <class T>
class Candidates {
 public:
  Candidates(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix)
      : comm_(comm), matrix_(matrix), masses_(comm, matrix, MassNumbers::nearest), points_(0, matrix.features()) {}

  /// Collective, one pass.
  void add(const std::vector<std::int64_t>& rows) {
    if (rows.empty()) return;
    const Centroids points = without_repeats(fetch_points(comm_, matrix_, rows));
    masses_.add_numbered(points);
    points_.values.insert(points_.values.end(), points.values.begin(), points.values.end());
    points_.segments += points.segments;
  }

  const Masses<T>& masses() const { return masses_; }
  const Centroids& points() const { return points_; }

 private:
  const comm::Communicator& comm_;
  const portfolio::FeatureMatrix<T>& matrix_;
  Masses<T> masses_;
  Centroids points_;
};

}  // namespace

template <class T>
Centroids seed_parallel(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                        const FitOptions& options, std::uint32_t restart) {
  const RowRandom draws(options.seed, Purpose::seeding, restart);
  const RowRandom row_draws(options.seed, Purpose::seeding_rounds, restart);
  const std::int64_t customers = comm.sum(matrix.rows());
  const std::int64_t expected = 2 * std::int64_t{options.segments};
  Candidates<T> candidates(comm, matrix);
  candidates.add({static_cast<std::int64_t>(core::scaled_draw(draws.bits(0, 0), customers))});
  for (int round = 0; round < options.seeding_rounds && candidates.masses().total() > 0; ++round)
    candidates.add(
        candidates.masses().draw_each(row_draws, static_cast<std::uint32_t>(round), expected, 4 * expected + 16));
  while (candidates.points().segments < options.segments)
    candidates.add({candidates.masses().draw(draws.bits(0, static_cast<std::uint32_t>(candidates.points().segments)))});
  return recluster(candidates.points(), candidates.masses().count_nearest(), options.segments,
                   RowRandom(options.seed, Purpose::reclustering, restart));
}

template Centroids seed_parallel<float>(const comm::Communicator&, const portfolio::FeatureMatrix<float>&,
                                        const FitOptions&, std::uint32_t);
template Centroids seed_parallel<double>(const comm::Communicator&, const portfolio::FeatureMatrix<double>&,
                                         const FitOptions&, std::uint32_t);

}  // namespace cardseg::cluster
