#include "cluster/greedy_draw.hpp"

#include <algorithm>

#include "cardseg/cluster/seeding.hpp"

namespace cardseg::cluster {

template <class T>
std::vector<double> draw_greedily(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                                  Masses<T>& masses, const StepDraws& draws) {
  std::vector<std::int64_t> rows;
  for (int i = 0; i < draws.count; ++i)
    rows.push_back(masses.draw(draws.random.bits(draws.row, static_cast<std::uint32_t>(i))));
  const Centroids drawn = fetch_points(comm, matrix, rows);
  const std::vector<core::int128> totals = masses.totals_with(drawn);
  const double* best = drawn.row(static_cast<int>(std::ranges::min_element(totals) - totals.begin()));
  return {best, best + drawn.features};
}

template <class T>
Centroids add_greedily(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix, Centroids centroids,
                       const AddedDraws& draws) {
  const int count = greedy_draws(centroids.segments);
  Masses<T> masses(comm, matrix, MassNumbers::nearest);
  masses.add_numbered(centroids);
  for (int step = 0; step < draws.steps && masses.total() > 0; ++step) {
    Centroids added(1, centroids.features);
    added.values = draw_greedily(comm, matrix, masses, {draws.random, draws.row + step, count});
    masses.add_numbered(added);
    centroids.values.insert(centroids.values.end(), added.values.begin(), added.values.end());
    ++centroids.segments;
  }
  return centroids;
}

template std::vector<double> draw_greedily<float>(const comm::Communicator&, const portfolio::FeatureMatrix<float>&,
                                                  Masses<float>&, const StepDraws&);
template std::vector<double> draw_greedily<double>(const comm::Communicator&, const portfolio::FeatureMatrix<double>&,
                                                   Masses<double>&, const StepDraws&);
template Centroids add_greedily<float>(const comm::Communicator&, const portfolio::FeatureMatrix<float>&, Centroids,
                                       const AddedDraws&);
template Centroids add_greedily<double>(const comm::Communicator&, const portfolio::FeatureMatrix<double>&, Centroids,
                                        const AddedDraws&);

}  // namespace cardseg::cluster
