#include "cardseg/generate/mixture.hpp"

#include <vector>

#include "cardseg/core/philox.hpp"
#include "generate/generator_draws.hpp"

namespace cardseg::generate {
namespace {

// Of the clusters' centres about the origin, in standard deviations within a cluster.
constexpr double spread = 0.7;
constexpr std::uint32_t of_customers = 0;
constexpr std::uint32_t of_centres = 1;

// Four standard normal numbers a block; what(feature) of one row.
class NormalRow {
 public:
  NormalRow(const core::RowRandom& random, std::int64_t row, std::uint32_t first_block)
      : random_(random), row_(row), first_block_(first_block) {}

  // Features in ascending order.
  double next() {
    if (at_ % 4 == 0) words_ = random_.block(row_, first_block_ + at_ / 4);
    return normal_of(words_[at_++ % 4]);
  }

 private:
  const core::RowRandom& random_;
  std::int64_t row_;
  std::uint32_t first_block_;
  std::uint32_t at_ = 0;
  core::PhiloxCounter words_{};
};

std::vector<double> make_centres(const MixtureOptions& options) {
  const core::RowRandom random(options.seed, core::Purpose::mixture, of_centres);
  std::vector<double> centres;
  for (int cluster = 0; cluster < options.clusters; ++cluster) {
    NormalRow normals(random, cluster, 0);
    for (int f = 0; f < options.features; ++f) centres.push_back(spread * normals.next());
  }
  return centres;
}

}  // namespace

template <class T>
portfolio::FeatureMatrix<T> make_mixture(const MixtureOptions& options, const core::Range& rows) {
  const std::vector<double> centres = make_centres(options);
  const core::RowRandom random(options.seed, core::Purpose::mixture, of_customers);
  portfolio::FeatureMatrix<T> matrix(rows, options.features);
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < rows.size(); ++i) {
    const std::int64_t row = rows.begin + i;
    const std::uint64_t cluster = random.block(row, 0)[0] % static_cast<std::uint64_t>(options.clusters);
    const double* centre = centres.data() + cluster * static_cast<std::uint64_t>(options.features);
    NormalRow normals(random, row, 1);
    for (int f = 0; f < options.features; ++f) matrix.at(i, f) = static_cast<T>(centre[f] + normals.next());
  }
  return matrix;
}

template portfolio::FeatureMatrix<float> make_mixture<float>(const MixtureOptions&, const core::Range&);
template portfolio::FeatureMatrix<double> make_mixture<double>(const MixtureOptions&, const core::Range&);

}  // namespace cardseg::generate
