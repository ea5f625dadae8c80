#include "profile/rule_sample.hpp"

#include <algorithm>

#include "cardseg/comm/agree.hpp"
#include "cardseg/quality/sample.hpp"

namespace cardseg::profile {
namespace {

constexpr std::int64_t most_customers = 65536;
constexpr std::int64_t least_customers = 8192;
constexpr std::int64_t most_values = std::int64_t{1} << 23;

template <class T>
RuleSample sample_of(const portfolio::FeatureMatrix<T>& customers, const cluster::Centroids& centroids,
                     const RuleEdges& edges) {
  const auto n = static_cast<std::size_t>(customers.rows());
  const auto k = static_cast<std::size_t>(centroids.segments);
  RuleSample sample;
  sample.segment.resize(n);
  sample.bin.resize(n * static_cast<std::size_t>(edges.features()));
  sample.distance.resize(n * k);
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < customers.rows(); ++i) {
    const auto row = static_cast<std::size_t>(i);
    double* const distance = sample.distance.data() + row * k;
    std::fill_n(distance, k, 0.0);
    for (int f = 0; f < edges.features(); ++f) {
      const auto x = static_cast<double>(customers.at(i, f));
      sample.bin[static_cast<std::size_t>(f) * n + row] = static_cast<std::uint8_t>(edges.bin(f, x));
      for (int j = 0; j < centroids.segments; ++j) {
        const double centre = centroids.row(j)[f];
        distance[j] += (x - centre) * (x - centre);
      }
    }
    sample.segment[row] = static_cast<std::int32_t>(std::min_element(distance, distance + k) - distance);
  }
  return sample;
}

}  // namespace

template <class T>
RuleSample draw_rule_sample(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                            const cluster::Centroids& centroids, const RuleEdges& edges, std::uint64_t seed) {
  const std::int64_t size =
      std::clamp(most_values / std::max(matrix.features(), centroids.segments), least_customers, most_customers);
  const std::vector<std::int64_t> rows = quality::draw_rows(comm, matrix.global_rows(), size, seed);
  const portfolio::FeatureMatrix<T> drawn = quality::gather_sample(comm, matrix, rows);
  return comm::agree(comm, [&] { return sample_of(drawn, centroids, edges); });
}

template RuleSample draw_rule_sample<float>(const comm::Communicator&, const portfolio::FeatureMatrix<float>&,
                                            const cluster::Centroids&, const RuleEdges&, std::uint64_t);
template RuleSample draw_rule_sample<double>(const comm::Communicator&, const portfolio::FeatureMatrix<double>&,
                                             const cluster::Centroids&, const RuleEdges&, std::uint64_t);

}  // namespace cardseg::profile
