#include "cardseg/cluster/refined_seeding.hpp"

#include <algorithm>
#include <vector>

#include "cardseg/cluster/seeding.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/philox.hpp"
#include "cluster/customer_sample.hpp"
#include "cluster/drawn_seeds.hpp"
#include "cluster/seeder.hpp"
#include "cluster/settle.hpp"

namespace cardseg::cluster {
namespace {

using portfolio::FeatureMatrix;

constexpr std::int64_t customers_a_segment = 256;
constexpr std::int64_t least_a_segment = 64;
constexpr std::int64_t most_values_of_a_rank = 1'000'000;  // customers times features that every rank may hold
constexpr std::int64_t most_work_of_a_rank = 8'000'000;    // times segments: about a millisecond a pass

// Behind Lloyd's iterations on these customers.
template <class T>
Seeds draw_and_refine(const comm::Communicator& comm, FeatureMatrix<T>& customers, const FitOptions& options,
                      int restart) {
  Seeds seeds = draw(comm, customers, options, restart);
  core::Events silence;
  const Basis basis = make_basis(comm, customers);
  seeds.centroids =
      settle<T>({comm, customers, basis, silence}, on_sample(options), std::move(seeds.centroids)).centroids;
  return seeds;
}

bool is_gathered(std::int64_t values, int segments) {
  return values <= most_values_of_a_rank && values * segments <= most_work_of_a_rank;
}

// Seeds on these customers alone, refined. Few of them go to every rank, which does it all: waiting for one another in
// every pass would take longer. The bytes are the same.
template <class T>
Seeds seed_on(const comm::Communicator& comm, FeatureMatrix<T>& customers, const FitOptions& options, int restart) {
  const std::int64_t values = comm.sum(customers.rows()) * customers.features();
  if (comm.size() == 1 || !is_gathered(values, options.segments))
    return draw_and_refine(comm, customers, options, restart);
  FeatureMatrix<T> all = gather(comm, customers);
  return comm::agree(comm, [&] { return draw_and_refine(comm::Communicator(), all, options, restart); });
}

}  // namespace

std::int64_t refining_sample(const FitOptions& options, std::int64_t customers, int features) {
  if (options.seeding != Seeding::refined || options.segments == 1) return 0;
  const std::int64_t wanted = std::max(options.seeding_sample, options.segments * customers_a_segment);
  const std::int64_t most = customers / std::max(4, (features + 2) / 3);
  if (wanted <= most) return wanted;
  if (options.improve == Improve::off) return 0;
  if (customers <= wanted) return customers;
  return most >= options.segments * least_a_segment ? most : 0;
}

std::int64_t gathered_values(const std::vector<FitOptions>& fits, std::int64_t customers, int features) {
  std::int64_t most = 0;
  for (const FitOptions& options : fits) {
    const std::int64_t sample = refining_sample(options, customers, features);
    const bool has_moves = options.improve == Improve::full && is_by_chance(options.seeding) && options.segments > 1;
    if (has_moves || (options.improve == Improve::sample && sample > 0))
      most = std::max(most, splitting_sample(options, customers) * features);
    else if (options.improve == Improve::off && is_gathered(sample * features, options.segments))
      most = std::max(most, sample * features);
  }
  return most;
}

template <class T>
Seeds make_seeds(const comm::Communicator& comm, FeatureMatrix<T>& matrix, const FitOptions& options, int restart) {
  if (know_each_other(options)) return Seeder<T>(comm, matrix).seed(options, restart, {});
  if (options.seeding != Seeding::refined) return draw(comm, matrix, options, restart);
  const auto attempt = static_cast<std::uint32_t>(restart);
  const std::int64_t customers = comm.sum(matrix.rows());
  const std::int64_t expected = refining_sample(options, customers, matrix.features());
  FitOptions plain = options;
  plain.seeding = Seeding::plusplus;
  if (expected == 0) return draw(comm, matrix, plain, restart);
  const core::RowRandom random(options.seed, core::Purpose::refining, attempt);
  FeatureMatrix<T> sample = draw_sample(comm, matrix, customers, expected, random);
  if (count_distinct(comm, sample, options.segments) < options.segments) return draw(comm, matrix, plain, restart);
  return seed_on(comm, sample, plain, restart);
}

template Seeds make_seeds<float>(const comm::Communicator&, FeatureMatrix<float>&, const FitOptions&, int);
template Seeds make_seeds<double>(const comm::Communicator&, FeatureMatrix<double>&, const FitOptions&, int);

}  // namespace cardseg::cluster
