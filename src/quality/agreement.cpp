#include "cardseg/quality/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "cardseg/cluster/label_tiles.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "cardseg/quality/adjusted_rand.hpp"

namespace cardseg::quality {
namespace {

using cluster::FitResult;
using portfolio::FeatureMatrix;
using portfolio::tile_rows;

constexpr std::int64_t batch_tiles = 32;  // labelled by all restarts while in cache: 512 customers

// One table for each restart: the best restart's segments by this one's.
std::vector<Contingency> empty_tables(const FitResult& fitted) {
  return {fitted.restarts.size(), Contingency(fitted.centroids.segments, fitted.centroids.segments)};
}

void add(const std::vector<Contingency>& from, std::vector<Contingency>& to) {
  for (std::size_t r = 0; r < to.size(); ++r)
    for (std::size_t i = 0; i < to[r].customers.size(); ++i) to[r].customers[i] += from[r].customers[i];
}

// Labels a batch of customers by each restart's centroids and counts them.
template <class T>
class BatchCounter {
 public:
  BatchCounter(const FeatureMatrix<T>& matrix, const FitResult& fitted) : matrix_(matrix), fitted_(fitted) {
    for (const cluster::RestartResult& restart : fitted.restarts)
      screens_.push_back(cluster::make_screen(restart.centroids));
  }

  void count(std::int64_t batch, std::vector<Contingency>& tables) const {
    const std::int64_t first = batch * batch_tiles;
    const std::int64_t tiles = std::min(batch_tiles, matrix_.tiles() - first);
    const std::int64_t rows = std::clamp<std::int64_t>(matrix_.rows() - first * tile_rows, 0, tiles * tile_rows);
    std::int32_t best[batch_tiles * tile_rows];
    std::int32_t other[batch_tiles * tile_rows];
    label(static_cast<std::size_t>(fitted_.best_restart), first, tiles, best);
    for (std::size_t r = 0; r < tables.size(); ++r) {
      if (static_cast<int>(r) == fitted_.best_restart) continue;
      label(r, first, tiles, other);
      for (std::int64_t i = 0; i < rows; ++i) ++tables[r].at(best[i], other[i]);
    }
    matrix_.done_with(first + tiles - 1);
  }

 private:
  void label(std::size_t restart, std::int64_t first, std::int64_t tiles, std::int32_t* labels) const {
    cluster::label_tiles(matrix_, first, tiles, fitted_.restarts[restart].centroids, screens_[restart], labels);
  }

  const FeatureMatrix<T>& matrix_;
  const FitResult& fitted_;
  std::vector<cluster::ScreenCentroids> screens_;
};

template <class T>
std::vector<Contingency> local_tables(const FeatureMatrix<T>& matrix, const FitResult& fitted) {
  const BatchCounter<T> counter(matrix, fitted);
  std::vector<Contingency> tables = empty_tables(fitted);
  core::ThreadFailure failure;
#pragma omp parallel
  {
    std::vector<Contingency> mine;
    failure.guard([&] { mine = empty_tables(fitted); });
#pragma omp for schedule(static) nowait
    for (std::int64_t batch = 0; batch < (matrix.tiles() + batch_tiles - 1) / batch_tiles; ++batch)
      failure.guard([&] { counter.count(batch, mine); });
#pragma omp critical(cardseg_agreement)
    failure.guard([&] { add(mine, tables); });
  }
  failure.rethrow();
  return tables;
}

// Collective. One allreduce for the tables of all restarts.
void reduce(const comm::Communicator& comm, std::vector<Contingency>& tables) {
  std::vector<std::int64_t> packed;
  for (const Contingency& table : tables) packed.insert(packed.end(), table.customers.begin(), table.customers.end());
  comm.allreduce_sum(std::span(packed));
  auto from = packed.begin();
  for (Contingency& table : tables) {
    std::copy_n(from, table.customers.size(), table.customers.begin());
    from += static_cast<std::ptrdiff_t>(table.customers.size());
  }
}

}  // namespace

template <class T>
std::vector<double> agreement_with_best(const comm::Communicator& comm, const FeatureMatrix<T>& matrix,
                                        const FitResult& fitted) {
  std::vector<double> agreement(fitted.restarts.size(), 1.0);
  if (agreement.size() < 2) return agreement;
  std::vector<Contingency> tables = comm::agree(comm, [&] { return local_tables(matrix, fitted); });
  reduce(comm, tables);
  for (std::size_t r = 0; r < tables.size(); ++r) {
    const cluster::RestartResult& restart = fitted.restarts[r];
    const bool was_given_up = restart.stop == cluster::StopReason::losing || !std::isfinite(restart.inertia);
    agreement[r] = was_given_up ? std::numeric_limits<double>::quiet_NaN() : adjusted_rand(tables[r]);
  }
  return agreement;
}

double mean_agreement(const std::vector<double>& agreement, int best_restart) {
  double sum = 0.0;
  int others = 0;
  for (std::size_t r = 0; r < agreement.size(); ++r) {
    if (static_cast<int>(r) == best_restart || std::isnan(agreement[r])) continue;
    sum += agreement[r];
    ++others;
  }
  return others > 0 ? sum / others : std::numeric_limits<double>::quiet_NaN();
}

template std::vector<double> agreement_with_best<float>(const comm::Communicator&, const FeatureMatrix<float>&,
                                                        const FitResult&);
template std::vector<double> agreement_with_best<double>(const comm::Communicator&, const FeatureMatrix<double>&,
                                                         const FitResult&);

}  // namespace cardseg::quality
