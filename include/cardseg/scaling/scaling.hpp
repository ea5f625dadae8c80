// What an iteration of a fit costs on more and more ranks: measured within one job, on groups of its first ranks.
//
// Each number of ranks p gets the group of ranks 0 to p - 1; the others sleep. The group's fits are those of fit.hpp
// from its first rows as centroids, so everything that is measured also has to be the same bytes, and that is checked.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cardseg/cluster/options.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/comm/placement.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace cardseg::scaling {

/// strong: the same customers on more ranks. weak: more ranks have more customers, each as many.
enum class ScalingKind { strong, weak };

inline constexpr core::EnumNames<ScalingKind> scaling_kind_names = {"strong", "weak"};
inline const char* name_of(ScalingKind kind) { return scaling_kind_names[kind]; }

/// What a user chooses. 0: the default of what is generated.
struct ScalingRequest {
  ScalingKind kind = ScalingKind::strong;
  std::string ranks;           ///< as parse_rank_list reads it
  int repeats = 5;             ///< fits on each number of ranks
  std::int64_t customers = 0;  ///< generated ones; weak: of each rank
  int features = 0;            ///< of generated customers
  int segments = 16;
  int iterations = 20;  ///< of a fit
  cluster::Algorithm algorithm = cluster::Algorithm::plain;
  std::uint64_t seed = 1;  ///< of generated customers
};

core::OptionTable describe(ScalingRequest& request);

/// "1,2,4" as numbers; empty: 1, 2, 4, ... and `started`. Throws core::Error(usage), naming the field ranks: what is no
/// list of numbers, a number below 1, one that is there twice, or one above `started`.
std::vector<int> parse_rank_list(const std::string& text, int started);

/// What is measured.
struct ScalingOptions {
  ScalingKind kind = ScalingKind::strong;
  std::vector<int> ranks;      ///< ascending, each at most the ranks that there are
  int repeats = 5;             ///< fits on each number of ranks, 1 and up
  std::int64_t customers = 0;  ///< strong: in all; weak: of each rank
  int threads = 1;             ///< of each rank: to tell whether they share cores
  cluster::FitOptions fit;     ///< restarts 1; max_iterations are what is measured
};

/// Customers that `ranks` ranks have together.
std::int64_t scaled_customers(const ScalingOptions& options, int ranks);

/// One fit on a group of ranks; elapsed seconds of its mean iteration.
struct ScalingRun {
  double iteration_s = 0.0;       ///< on the slowest rank
  double assign_s = 0.0;          ///< passes over the customers, mean over the ranks
  double slowest_assign_s = 0.0;  ///< the same on the slowest rank
  double communicate_s = 0.0;     ///< within MPI, waiting for slower ranks included; mean over the ranks
  double update_s() const { return iteration_s - assign_s - communicate_s; }  ///< all else
};

/// All fits on one number of ranks.
struct ScalingPoint {
  int ranks = 1;
  comm::Placement placement;
  std::int64_t customers = 0;
  int iterations = 0;     ///< of each fit
  double messages = 0.0;  ///< calls of MPI that a rank makes in an iteration
  double bytes = 0.0;     ///< payload of those calls
  std::vector<ScalingRun> runs;
  std::string digest;  ///< SHA-256 of the centroids and of the inertia after every iteration
};

/// What the runs of a point come to.
struct ScalingSummary {
  double median_s = 0.0;  ///< of an iteration, over the runs; so are the next two
  double min_s = 0.0;
  double max_s = 0.0;
  double assign_s = 0.0;  ///< median; so are the next two
  double communicate_s = 0.0;
  double update_s = 0.0;
  double communication_share = 0.0;  ///< median over the runs of communicate_s / iteration_s
  double imbalance = 1.0;            ///< median over the runs of the slowest rank's assign_s over the mean
  /// With p0 the fewest ranks and T the median: strong p0 T(p0) / T(p); weak p T(p0) / T(p), customers a second.
  double speedup = 1.0;
  double efficiency = 1.0;  ///< speedup / p
};

/// Makes a group's customers: rank r of the group those of core::local_range(r, customers, group.size()). Collective
/// over group.
template <class T>
using MatrixMaker = std::function<portfolio::FeatureMatrix<T>(const comm::Communicator& group, std::int64_t customers)>;

/// Collective over comm. Fits `repeats` times on each number of ranks, fewest first. Weak: what fewer ranks found is
/// found again, untimed, on the most. Returns a point for each number of ranks on rank 0; elsewhere those that the rank
/// took part in, without runs. Throws comm::AgreedError: internal where a fit gave other bytes than the one before
/// (strong: on any number of ranks); what `make_matrix` and fit() throw. Peak memory: one matrix of each kind at a
/// time.
template <class T>
std::vector<ScalingPoint> measure_scaling(const comm::Communicator& comm, const ScalingOptions& options,
                                          const MatrixMaker<T>& make_matrix, core::Events& events);

/// Pure. One summary a point; the first point has the fewest ranks, and each has a run.
std::vector<ScalingSummary> summarise(ScalingKind kind, const std::vector<ScalingPoint>& points);

/// Pure. The middle of the values, or the mean of the two in the middle; there is one.
double median(std::vector<double> values);

}  // namespace cardseg::scaling
