// The customers' masses in a seeding: weight times D^2, the squared distance to the nearest chosen point, as integers
// that draws add up. Here a mass is a customer's own, not the sum of weights that cluster/weight.hpp calls so; weights
// are 1.
//
// The grid of the integers follows the current largest D^2. A pass over the matrix lowers the distances and finds their
// largest and, on the grid of the pass before, their sum; where the largest left that grid's binade, the sum is redone
// from the distances alone. Sums are kept by block of 4,096 customers: a draw reads one block, whatever the number of
// customers.
// 8 bytes a customer, 12 with numbers; one pass is 3 d flops a customer and point in double precision.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/philox.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"
#include "cluster/mass_kernels.hpp"

namespace cardseg::cluster {

/// What Masses remembers beside the distances.
enum class MassNumbers { none, nearest };

template <class T>
class Masses {
 public:
  /// Collective. All distances are infinite. `nearest` also keeps the number of the nearest point, in the order of
  /// adding. Throws comm::AgreedError where memory is short.
  Masses(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix, MassNumbers numbers);

  /// Collective, one pass. Not with numbers.
  void add(const double* point);
  /// Collective, one pass for all points together. Needs numbers.
  void add_numbered(const Centroids& points);

  /// Collective, one pass. The sum of all masses, on the current grid, if point j were added.
  std::vector<core::int128> totals_with(const Centroids& points);

  /// The sum over all customers.
  core::int128 total() const { return total_; }
  /// Collective. A global row drawn with probability mass / total. Throws comm::AgreedError where the total is 0.
  std::int64_t draw(std::uint64_t random_bits) const;
  /// Collective. The global rows, ascending, that are taken each on its own with probability min(1, expected * mass /
  /// total): those with draw(row) * total < expected * mass, draw the fraction of 2^64 that `random` has for the row.
  /// The lowest `most` of them.
  std::vector<std::int64_t> draw_each(const core::RowRandom& random, std::uint32_t draw, std::int64_t expected,
                                      std::int64_t most) const;
  /// Collective. The sum of the weights of the customers nearest to each point (ties: the first added). Needs numbers.
  std::vector<std::int64_t> weigh_nearest() const;

  /// Passes over the matrix so far.
  int passes() const { return passes_; }

 private:
  struct Free {
    void operator()(double* values) const { std::free(values); }
  };

  std::int64_t blocks() const { return (matrix_.tiles() + mass_block_tiles - 1) / mass_block_tiles; }
  MassBlock<T> block(std::int64_t b) const;
  void release(std::int64_t b) const;  // its tiles are done with for now
  template <class Lower>
  double local_pass(Lower lower);
  template <class Lower>
  void pass(Lower lower);
  std::vector<core::int128> local_totals_with(const Centroids& points) const;
  void sum_again();
  // Of one customer: FixedPoint::round(weight * D^2) with a weight of 1, as the kernels add it up.
  std::int64_t mass(std::int64_t row) const { return grid_.round(distances_[row]); }
  std::vector<std::int64_t> local_taken(const core::RowRandom& random, std::uint32_t draw, std::int64_t expected) const;

  const comm::Communicator& comm_;
  const portfolio::FeatureMatrix<T>& matrix_;
  std::int64_t customers_;
  std::unique_ptr<double[], Free> distances_;
  std::vector<std::int32_t> numbers_;
  std::int32_t points_ = 0;
  core::FixedPoint grid_;
  bool has_grid_ = false;
  std::vector<std::int64_t> block_masses_;
  core::int128 before_ = 0;  // masses of lower ranks
  core::int128 local_ = 0;
  core::int128 total_ = 0;
  int passes_ = 0;
};

/// Throws comm::AgreedError: customers differ by so little that no mass is left. The same on all ranks.
[[noreturn]] void throw_no_mass();

}  // namespace cardseg::cluster
