// The first centroids of a fit's restarts: what make_seeds() promises, and what restarts know of each other on their
// sample.
//
// A restart has two starts on some of the sample, which every rank holds as a whole: seeds are refined and improved
// there, and the better ones are refined on all of the sample. All restarts of a fit have one sample, so that they can
// be compared there.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cardseg/cluster/refined_seeding.hpp"
#include "cluster/basis.hpp"
#include "cluster/customer_sample.hpp"

namespace cardseg::cluster {

/// Pure. About how many of the customers say what splits gain: all where a sample of refined seeding would hold them,
/// else 16,384, or 256 a segment where that is more.
std::int64_t splitting_sample(const FitOptions& options, std::int64_t customers);

/// Collective, one pass. They.
template <class T>
SharedCustomers<T> share_for_splits(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& customers,
                                    const FitOptions& options);

/// Pure. Whether seeds of these options depend on those of the restarts before.
bool know_each_other(const FitOptions& options);

/// Pure. Whether a restart that came to `mine` on its sample of `customers` is so far above `least` that this is no
/// chance: by a share of more than 3 / sqrt(customers). The difference of two groupings, customer by customer, deviates
/// by no more than about its inertia, so its mean by that over the square root.
bool is_behind(double mine, double least, std::int64_t customers);

template <class T>
class Seeder {
 public:
  /// All arguments outlive this.
  Seeder(const comm::Communicator& comm, portfolio::FeatureMatrix<T>& matrix) : comm_(comm), matrix_(matrix) {}

  /// Collective. make_seeds(); `earlier`: the records of the restarts before this one, by number. Where it meets one of
  /// them on the sample, it ends there (Seeds::met).
  Seeds seed(const FitOptions& options, int restart, const std::vector<const SeedingRecord*>& earlier);

  /// Local. Gives the sample's memory back.
  void forget();

 private:
  // Customers that seeds are refined on, and the ranks that have them.
  struct Level {
    const comm::Communicator* comm = nullptr;
    portfolio::FeatureMatrix<T>* customers = nullptr;
    Basis basis;
  };

  // What a start came to on the smallest level.
  struct Start {
    RestartResult result;
    SeedingRecord record;
  };

  bool prepare(const FitOptions& options, std::int64_t customers, std::int64_t expected);
  void add_level(const comm::Communicator& comm, portfolio::FeatureMatrix<T>& customers);
  template <class Work>
  auto on(const Level& level, Work work);
  Start start(const FitOptions& options, int number, const std::vector<const SeedingRecord*>& earlier);
  Start better_start(const FitOptions& options, int restart, const std::vector<const SeedingRecord*>& earlier);
  Seeds seed_on_sample(const FitOptions& options, int restart, const std::vector<const SeedingRecord*>& earlier);

  const comm::Communicator& comm_;
  portfolio::FeatureMatrix<T>& matrix_;
  comm::Communicator alone_;
  bool is_prepared_ = false;
  bool has_enough_ = false;                            // the sample has as many distinct customers as segments
  std::optional<portfolio::FeatureMatrix<T>> sample_;  // of this rank; none: all its customers
  std::optional<portfolio::FeatureMatrix<T>> part_;    // of this rank, of `some_`
  std::optional<portfolio::FeatureMatrix<T>> copy_;    // of the parts of all ranks
  portfolio::FeatureMatrix<T>* some_ = nullptr;        // customers of the sample that every rank has
  std::int64_t sampled_ = 0;                           // customers of the sample, of all ranks
  std::vector<Level> levels_;
};

}  // namespace cardseg::cluster
