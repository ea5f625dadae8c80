#include "quality/resample.hpp"

#include <array>
#include <cmath>

#include "cardseg/cluster/fit.hpp"
#include "cardseg/cluster/label_tiles.hpp"
#include "cardseg/cluster/seeding.hpp"
#include "cardseg/quality/adjusted_rand.hpp"

namespace cardseg::quality {

using cluster::Centroids;
using comm::Communicator;
using portfolio::FeatureMatrix;

namespace {

// How often a customer is drawn: Poisson numbers of one mean up to 1, by inversion.
class PoissonCounts {
 public:
  explicit PoissonCounts(double mean) {
    double share = std::exp(-mean);
    double below = 0.0;
    for (int count = 0; count < most; ++count) {
      below += share;
      limits_[static_cast<std::size_t>(count)] = std::nearbyint(below * 0x1p40) * 0x1p-40;
      share *= mean / (count + 1);
    }
  }

  int at(double uniform) const {
    int count = 0;
    while (count < most && uniform >= limits_[static_cast<std::size_t>(count)]) ++count;
    return count;
  }

 private:
  static constexpr int most = 16;
  std::array<double, most> limits_{};
};

}  // namespace

template <class T>
FeatureMatrix<T> rows_of(const FeatureMatrix<T>& matrix, const std::vector<std::int64_t>& rows) {
  FeatureMatrix<T> chosen({0, std::ssize(rows)}, matrix.features());
  for (std::int64_t i = 0; i < chosen.rows(); ++i)
    for (int f = 0; f < matrix.features(); ++f) chosen.at(i, f) = matrix.at(rows[static_cast<std::size_t>(i)], f);
  return chosen;
}

template <class T>
FeatureMatrix<T> resample(const FeatureMatrix<T>& from, std::int64_t size, const core::RowRandom& random) {
  const PoissonCounts counts(static_cast<double>(size) / static_cast<double>(from.rows()));
  std::vector<std::int64_t> rows;
  for (std::int64_t row = 0; row < from.rows(); ++row)
    for (int count = counts.at(random.uniform(row)); count > 0; --count) rows.push_back(row);
  if (rows.empty()) rows.push_back(0);
  return rows_of(from, rows);
}

template <class T>
SmallFit fit_small(FeatureMatrix<T>& customers, int segments, std::uint64_t seed) {
  const Communicator alone;
  core::Events silence;
  cluster::FitOptions options;
  options.segments = static_cast<int>(cluster::count_distinct(alone, customers, segments));
  options.seeding = cluster::Seeding::greedy;
  options.restarts = 3;
  options.max_iterations = 100;
  options.tolerance = 1e-6;
  options.seed = seed;
  cluster::FitResult fitted = cluster::fit(alone, customers, options, silence);
  return {std::move(fitted.centroids), fitted.best().inertia};
}

template <class T>
std::vector<std::int32_t> labels_of(const FeatureMatrix<T>& customers, const Centroids& centroids) {
  std::vector<std::int32_t> labels(static_cast<std::size_t>(customers.tiles() * portfolio::tile_rows));
  cluster::label_tiles(customers, 0, customers.tiles(), centroids, cluster::make_screen(centroids), labels.data());
  labels.resize(static_cast<std::size_t>(customers.rows()));
  return labels;
}

void write_jaccards(const std::vector<std::int32_t>& own, int segments, const std::vector<std::int32_t>& others,
                    int other_segments, std::span<std::int64_t> numbers) {
  Contingency table(segments, other_segments);
  std::vector<std::int64_t> own_sizes(static_cast<std::size_t>(segments));
  std::vector<std::int64_t> other_sizes(static_cast<std::size_t>(other_segments));
  for (std::size_t i = 0; i < own.size(); ++i) {
    ++table.at(own[i], others[i]);
    ++own_sizes[static_cast<std::size_t>(own[i])];
    ++other_sizes[static_cast<std::size_t>(others[i])];
  }
  for (int j = 0; j < segments; ++j) {
    std::int64_t& both = numbers[2 * static_cast<std::size_t>(j)];
    std::int64_t& either = numbers[2 * static_cast<std::size_t>(j) + 1];
    both = 0;
    either = own_sizes[static_cast<std::size_t>(j)];
    for (int d = 0; d < other_segments; ++d) {
      const std::int64_t here = table.at(j, d);
      const std::int64_t together =
          own_sizes[static_cast<std::size_t>(j)] + other_sizes[static_cast<std::size_t>(d)] - here;
      if (here * either <= both * together) continue;
      both = here;
      either = together;
    }
  }
}

template FeatureMatrix<float> rows_of<float>(const FeatureMatrix<float>&, const std::vector<std::int64_t>&);
template FeatureMatrix<float> resample<float>(const FeatureMatrix<float>&, std::int64_t, const core::RowRandom&);
template SmallFit fit_small<float>(FeatureMatrix<float>&, int, std::uint64_t);
template std::vector<std::int32_t> labels_of<float>(const FeatureMatrix<float>&, const Centroids&);
template FeatureMatrix<double> rows_of<double>(const FeatureMatrix<double>&, const std::vector<std::int64_t>&);
template FeatureMatrix<double> resample<double>(const FeatureMatrix<double>&, std::int64_t, const core::RowRandom&);
template SmallFit fit_small<double>(FeatureMatrix<double>&, int, std::uint64_t);
template std::vector<std::int32_t> labels_of<double>(const FeatureMatrix<double>&, const Centroids&);

}  // namespace cardseg::quality
