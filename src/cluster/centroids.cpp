#include "cardseg/cluster/centroids.hpp"

#include <algorithm>
#include <numeric>

namespace cardseg::cluster {

Centroids sorted_by_size(const Centroids& centroids, const std::vector<std::int64_t>& customers) {
  std::vector<int> order(customers.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, [&](int a, int b) {
    return customers[static_cast<std::size_t>(a)] > customers[static_cast<std::size_t>(b)];
  });
  Centroids sorted(centroids.segments, centroids.features);
  for (int j = 0; j < centroids.segments; ++j)
    std::copy_n(centroids.row(order[static_cast<std::size_t>(j)]), centroids.features, sorted.row(j));
  return sorted;
}

std::vector<double> overall_mean(const Centroids& means, const std::vector<double>& mass) {
  std::vector<double> mean(static_cast<std::size_t>(means.features), 0.0);
  const double all = std::accumulate(mass.begin(), mass.end(), 0.0);
  for (int j = 0; j < means.segments; ++j)
    for (std::size_t f = 0; f < mean.size(); ++f)
      mean[f] += means.row(j)[f] * (mass[static_cast<std::size_t>(j)] / all);
  return mean;
}

}  // namespace cardseg::cluster
