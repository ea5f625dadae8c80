// What a user chooses about a fit.
#pragma once

#include <cstdint>
#include <string>

#include "cardseg/core/enum_names.hpp"
#include "cardseg/core/option.hpp"

namespace cardseg::cluster {

/// How the first centroids are found: refined greedy k-means++, iterations and moves on a sample of the customers, or
/// on all where they are few (Bradley, Fayyad 1998; with Improve::off k-means++ and iterations, of few customers
/// k-means++ of all); plusplus k-means++ (Arthur, Vassilvitskii 2007); parallel k-means|| (Bahmani et al. 2012); greedy
/// k-means++ with several draws a step; random k rows drawn uniformly; first the first k rows; file given centroids.
enum class Seeding { refined, plusplus, parallel, greedy, random, first, file };

inline constexpr core::EnumNames<Seeding> seeding_names = {"refined", "k-means++", "k-means||", "greedy",
                                                           "random",  "first",     "file"};
inline const char* name_of(Seeding seeding) { return seeding_names[seeding]; }
/// False for first and file: every restart would be the same.
bool is_by_chance(Seeding seeding);

/// How a pass avoids comparing every customer with every centroid; results are the same bytes. plain: not at all.
/// hamerly: customers whose bound proves that they stay are skipped (Hamerly 2010). yinyang: a bound for each of up to
/// 16 groups of centroids (Ding et al. 2015; up to 16 segments each centroid is a group): the others are compared with
/// the groups in doubt alone. automatic: as yinyang while it pays, else plain.
enum class Algorithm { automatic, plain, hamerly, yinyang };

inline constexpr core::EnumNames<Algorithm> algorithm_names = {"auto", "plain", "hamerly", "yinyang"};
inline const char* name_of(Algorithm algorithm) { return algorithm_names[algorithm]; }

/// Whether centroids move between segments where that lowers the inertia (src/cluster/breathing.hpp): not at all; on
/// the customers that refined seeding works on; there, and from the best restart's end on all customers.
enum class Improve { off, sample, full };

inline constexpr core::EnumNames<Improve> improve_names = {"off", "sample", "full"};
inline const char* name_of(Improve improve) { return improve_names[improve]; }

struct FitOptions {
  /// Number of segments, 1 to 10,000.
  int segments = 8;
  Seeding seeding = Seeding::refined;
  /// Only Seeding::refined is improved on a sample, and nothing where the seeding does not depend on chance.
  Improve improve = Improve::full;
  /// Rounds of k-means||, 1 to 100: each is a pass over the customers and draws about 2 k candidates.
  int seeding_rounds = 5;
  /// Independent fits from different seeds, 1 to 10,000; the one with the least inertia is kept. 1 is done where the
  /// seeding does not depend on chance (first, file).
  int restarts = 4;
  /// Iterations after which a fit stops, 1 to 1,000,000.
  int max_iterations = 300;
  /// A fit stops when the inertia falls by less than this share in an iteration, 0 to 1; 0: at the exact fixed point.
  double tolerance = 0.0;
  /// A restart stops when, after five iterations or more, its inertia exceeds by more than this share what a restart
  /// before it had after as many iterations, 0 to 100; 0: never. The best restart is never stopped.
  double stop_losers = 0.0;
  Algorithm algorithm = Algorithm::automatic;
  /// Restarts, of all numbers of segments, that share a pass over the customers, 1 to 64; 0: as many as is fast. The
  /// results are the same.
  int together = 0;
  /// Any 64-bit number; the same seed gives the same segments.
  std::uint64_t seed = 1;
  /// Customers of the sample that refined seeding draws, about and at least, 1 to 1e9. With less, small portfolios are
  /// seeded as large ones are.
  std::int64_t seeding_sample = 65536;
  /// File of the first centroids for Seeding::file: for the caller of fit(), which takes centroids.
  std::string centroids = {};
};

core::OptionTable describe(FitOptions& options);

/// Throws core::Error(usage) naming the field, the value and the range.
void validate(const FitOptions& options);

}  // namespace cardseg::cluster
