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

template std::vector<double> draw_greedily<float>(const comm::Communicator&, const portfolio::FeatureMatrix<float>&,
                                                  Masses<float>&, const StepDraws&);
template std::vector<double> draw_greedily<double>(const comm::Communicator&, const portfolio::FeatureMatrix<double>&,
                                                   Masses<double>&, const StepDraws&);

}  // namespace cardseg::cluster
