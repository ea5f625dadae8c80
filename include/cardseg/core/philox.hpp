// Counter-based random numbers: what a row draws depends on the seed and the row alone, never on the rank.
//
// Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
#pragma once

#include <array>
#include <cstdint>

namespace cardseg::core {

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

/// Ten rounds of Philox on one counter block.
PhiloxCounter philox4x32_10(PhiloxCounter counter, PhiloxKey key);

/// What random numbers are for. Two purposes never share a number. The values are part of the results: never renumber.
enum class Purpose : std::uint16_t {
  seeding = 1,
  random_seeding = 2,
  generator = 3,
  sampling = 4,
  silhouette = 5,
  seeding_rounds = 6,
  reclustering = 7,
  greedy_seeding = 8,
  mixture = 9,
  bootstrap = 10,
  refining = 11,
  improving = 12,      // on what seeds
  improving_all = 13,  // on all customers
  refitting = 14,
  covariance = 15,
  splitting = 16,   // which customers say what splits gain
  resampling = 17,  // how often a customer is in a resample
  null_twin = 18,
};

/// Random numbers for one (seed, purpose, restart); rows must be below 2^48.
class RowRandom {
 public:
  RowRandom(std::uint64_t seed, Purpose purpose, std::uint32_t restart = 0);

  /// 64 random bits; `draw` counts the numbers that one row needs.
  std::uint64_t bits(std::int64_t row, std::uint32_t draw = 0) const;
  /// Uniform in [0, 1), a multiple of 2^-53.
  double uniform(std::int64_t row, std::uint32_t draw = 0) const;
  /// The 128 bits behind draws 2 * pair (words 0 and 1, low first) and 2 * pair + 1, for code that needs many per row.
  PhiloxCounter block(std::int64_t row, std::uint32_t pair) const;
  /// What Philox makes that block from, for vector code: row in words 0 and 1 (its lower half), below the purpose.
  PhiloxCounter counter(std::int64_t row, std::uint32_t pair) const;
  PhiloxKey key() const { return key_; }

 private:
  PhiloxKey key_;
  std::uint32_t purpose_;
  std::uint32_t restart_;
};

}  // namespace cardseg::core
