#include "cardseg/plan/time_plan.hpp"

#include <algorithm>

#include "cardseg/portfolio/covariance.hpp"

namespace cardseg::plan {
namespace {

constexpr double start_s = 0.1;         // of a rank: program, MPI, headers
constexpr double start_rank_s = 0.02;   // more for each rank
constexpr double measuring_passes = 4;  // of a study, for each number of segments
constexpr double improving = 3;         // times that seeds on a sample cost where they are improved, as measured
constexpr double moves = 4;             // on all customers, where restarts do not agree
constexpr double move_passes = 15;      // of one: with more centroids, for what removals cost, and to its end
constexpr double refits = 5;            // passes of a small fit, its restarts and moves, in those of `iterations`
constexpr double most_refitters = 40;   // resamples and twins
constexpr double product_scores = 9;    // a product of two features, rounded, in comparisons of a score, as measured
constexpr int bound_features = portfolio::most_covariance_features;
constexpr std::int64_t bound_rows = portfolio::most_covariance_customers;

struct Cost {
  const JobWork& work;
  const TimeConstants& constants;

  double values() const { return static_cast<double>(work.rows) * work.features; }
  double pass_s(double segments) const {
    return values() * (constants.pass_s_per_value + segments * constants.pass_s_per_comparison);
  }
  double check_s() const { return static_cast<double>(work.rows) * constants.check_s_per_customer; }
  double load_s() const {
    const double share = std::min(1.0, static_cast<double>(work.features) / std::max(1, work.columns));
    const double readings = work.is_streamed ? 2 : 1;
    return readings * share * static_cast<double>(work.shard_bytes) * constants.load_s_per_byte;
  }
  // k-means++: each centroid after the first is one pass against one centroid; and on a sample iterations.
  double seed_s() const {
    double sum_s = 0;
    for (std::size_t i = 0; i < work.segments.size(); ++i) {
      const int k = work.segments[i];
      const std::int64_t sample = i < work.sampled_rows.size() ? work.sampled_rows[i] : 0;
      const double share = static_cast<double>(sample) / static_cast<double>(std::max<std::int64_t>(1, work.rows));
      const double on_sample = (work.is_improved ? improving : 1.0) * share;
      sum_s += sample == 0 ? (k - 1) * pass_s(1) : on_sample * ((k - 1) * pass_s(1) + work.iterations * pass_s(k));
    }
    return work.restarts * sum_s;
  }
  double iterate_s() const {
    double sum_s = 0;
    for (int k : work.segments) sum_s += work.iterations * pass_s(k);
    return work.restarts * sum_s;
  }
  double move_s() const {
    double sum_s = 0;
    for (int k : work.segments) sum_s += moves * move_passes * pass_s(k);
    return sum_s;
  }
  // Of the inertia: products of every two features.
  double bound_s() const {
    if (work.features > bound_features) return 0;
    const double products = 0.5 * work.features * (work.features + 1);
    return static_cast<double>(std::min(work.rows, bound_rows)) * products * product_scores *
           constants.score_s_per_comparison;
  }
  // Whether segments are found again: fits of resamples and twins.
  double trust_s() const {
    double sum_s = 0;
    for (int k : work.segments)
      if (k > 1)
        sum_s += refits * work.restarts * work.iterations * static_cast<double>(work.refitted_rows) * work.features *
                 (constants.pass_s_per_value + k * constants.pass_s_per_comparison);
    return sum_s;
  }
  double measure_s() const {
    double sum_s = 0;
    for (int k : work.segments) sum_s += (measuring_passes + work.restarts) * pass_s(k);
    return sum_s;
  }
  double sample_s() const {
    const auto sample = static_cast<double>(std::min(work.silhouette_sample, work.rows));
    return sample * sample * work.features * constants.score_s_per_comparison;
  }
  double score_s() const { return values() * work.segments.back() * constants.score_s_per_comparison; }
  double labels_s() const { return static_cast<double>(work.rows) * constants.write_s_per_customer; }
  double digest_s() const { return static_cast<double>(work.shard_bytes) * constants.digest_s_per_byte; }
};

}  // namespace

std::vector<PlannedPhase> plan_time(const JobWork& work, const TimeConstants& constants, int ranks, int threads) {
  const Cost cost{work, constants};
  const double workers = static_cast<double>(ranks) * threads;
  const double writers = std::min(ranks, std::max(1, work.shards));  // a file has one writer and one reader
  const bool is_fit = work.job == PlannedJob::fit;
  const bool is_study = work.job == PlannedJob::study;
  std::vector<PlannedPhase> phases = {{"headers", start_s + start_rank_s * ranks + cost.check_s() / ranks},
                                      {"load", cost.load_s() / workers}};
  if (is_fit || is_study) {
    phases.push_back({"seed", cost.seed_s() / workers});
    phases.push_back({"iterate", cost.iterate_s() / workers});
    if (work.has_moves) phases.push_back({"move", cost.move_s() / workers});
    phases.push_back({"bound", cost.bound_s() / workers});
  }
  if (is_study) {
    phases.push_back({"measure", cost.measure_s() / workers});
    phases.push_back({"sample", cost.sample_s() / workers});
    if (work.refitted_rows > 0) phases.push_back({"trust", cost.trust_s() / std::min(workers, most_refitters)});
  } else {
    phases.push_back({"score", cost.score_s() / workers});
    if (work.refitted_rows > 0) phases.push_back({"trust", cost.trust_s() / std::min(workers, most_refitters)});
    phases.push_back({"labels", cost.labels_s() / writers});
  }
  phases.push_back({"digest", cost.digest_s() / writers});
  return phases;
}

double total_s(const std::vector<PlannedPhase>& phases) {
  double sum_s = 0;
  for (const PlannedPhase& phase : phases) sum_s += phase.elapsed_s;
  return sum_s;
}

}  // namespace cardseg::plan
