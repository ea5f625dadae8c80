// The first centroids of a fit. What is drawn depends on the seed, the restart and the global rows alone.
#pragma once

#include <cstdint>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/options.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::cluster {

/// Collective. k centroids by `options.seeding`: plusplus, greedy, parallel, random or first. Precondition: at least k
/// distinct customers.
/// plusplus: k - 1 passes over the matrix, 8 bytes a customer while it runs; each next centroid is a customer drawn
/// with probability D^2 / sum D^2, the masses D^2 as integers on a grid of the current maximum (so the draw is exact).
/// greedy: 2 (k - 1) passes, 8 bytes a customer; each next centroid is the one of greedy_draws(k) such customers that
/// leaves the least total mass, the first drawn on ties.
/// parallel: seeding_rounds + 1 passes, 12 bytes a customer: src/cluster/parallel_seeding.hpp.
template <class T>
Centroids draw_seeds(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                     const FitOptions& options, int restart);

/// Collective. The features of one global row, on all ranks.
template <class T>
std::vector<double> fetch_point(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                                std::int64_t global_row);

/// Collective, one allreduce. The features of these global rows, on all ranks.
template <class T>
Centroids fetch_points(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                       const std::vector<std::int64_t>& global_rows);

/// Customers drawn for each centroid but the first by greedy k-means++: 2 + floor(ln k).
int greedy_draws(int segments);

/// Collective. The number of distinct customers, counted up to `enough`: stops there.
template <class T>
std::int64_t count_distinct(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                            std::int64_t enough);

/// A global row and its value; row -1 where there is none.
struct Farthest {
  std::int64_t row = -1;
  double distance = -1.0;
};

/// Collective. The largest of the local values (by local row), lowest global row on ties.
Farthest find_farthest(const comm::Communicator& comm, const std::vector<double>& local_distances, std::int64_t rows,
                       std::int64_t first_global_row);

/// Local. distances[i] = min(distances[i], squared distance of local row i to `point`) for all rows.
template <class T>
void update_least_distances(const portfolio::FeatureMatrix<T>& matrix, const std::vector<double>& point,
                            std::vector<double>& distances);

}  // namespace cardseg::cluster
