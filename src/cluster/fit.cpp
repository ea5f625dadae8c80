#include "cardseg/cluster/fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "cardseg/cluster/assigner.hpp"
#include "cardseg/cluster/screen.hpp"
#include "cardseg/cluster/seeding.hpp"
#include "cardseg/cluster/segment_sums.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cluster/refill.hpp"
#include "cluster/scatter.hpp"

namespace cardseg::cluster {
namespace {

using comm::Communicator;
using core::Error;
using core::ExitCode;
using portfolio::FeatureMatrix;

class Stopwatch {
 public:
  double elapsed_s() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::optional<StopReason> reason_to_stop(const FitOptions& options, std::int64_t moved, double before, double now,
                                         int iterations) {
  if (moved == 0) return StopReason::fixed_point;
  if (options.tolerance > 0 && iterations > 1 && before - now <= options.tolerance * before)
    return StopReason::tolerance;
  if (iterations == options.max_iterations) return StopReason::max_iterations;
  return std::nullopt;
}

// How far all restarts are. A restart is expected to take as many iterations as those before it did.
struct Course {
  int restart = 0;
  int restarts = 1;
  int expected_iterations = 1;

  std::int64_t done(int iterations) const {
    return std::int64_t{restart} * expected_iterations + std::min(iterations, expected_iterations);
  }
  std::int64_t total() const { return std::int64_t{restarts} * expected_iterations; }
  std::string name() const { return restarts > 1 ? fmt::format("restart {} of {}, ", restart + 1, restarts) : ""; }
};

// One restart's state, and its iterations.
template <class T>
class Lloyd {
 public:
  Lloyd(const Communicator& comm, FeatureMatrix<T>& matrix, const SumGrids& grids, const Scatter& scatter,
        Centroids seeds, Algorithm algorithm)
      : comm_(comm),
        possible_(static_cast<double>(comm.sum(matrix.tiles() * FeatureMatrix<T>::tile_rows)) * seeds.segments),
        matrix_(matrix),
        grids_(grids),
        scatter_(scatter),
        centroids_(std::move(seeds)),
        assigner_(matrix, grids, centroids_.segments, algorithm),
        local_sums_(centroids_.segments, centroids_.features),
        global_sums_(centroids_.segments, centroids_.features) {}

  /// Collective.
  RestartResult run(const FitOptions& options, const Course& course, core::Events& events) {
    RestartResult result;
    double before = HUGE_VAL;
    for (result.iterations = 1;; ++result.iterations) {
      PassCounts pass = comm::agree(comm_, [&] { return assigner_.pass(centroids_, local_sums_); });
      global_sums_ = reduce(comm_, grids_, local_sums_, pass);
      unsettled_ += pass.unsettled;
      distances_ += pass.distances;
      const int refilled =
          refill_empty(comm_, matrix_, centroids_, grids_, assigner_, local_sums_, global_sums_, events);
      result.refilled += refilled;
      const Centroids before_update = centroids_;
      update_centroids(grids_, global_sums_, centroids_);
      assigner_.moved(before_update, centroids_, options.max_iterations - result.iterations);
      result.inertia = compute_inertia(scatter_, global_sums_, centroids_);
      events.progress(
          "fit", course.done(result.iterations), course.total(),
          fmt::format("{}iteration {}, inertia {:.8g}, moved {}, distances {:.3g}%", course.name(), result.iterations,
                      result.inertia, pass.moved, 100 * static_cast<double>(pass.distances) / possible_));
      const auto stop = reason_to_stop(options, pass.moved + refilled, before, result.inertia, result.iterations);
      before = result.inertia;
      if (!stop) continue;
      comm::agree(comm_, [&] { assigner_.in_row_order(); });
      result.stop = *stop;
      return result;
    }
  }

  const Centroids& centroids() const { return centroids_; }
  const std::vector<std::int64_t>& counts() const { return global_sums_.counts; }
  std::int64_t unsettled() const { return unsettled_; }
  std::int64_t distances() const { return distances_; }

 private:
  const Communicator& comm_;
  double possible_;  // distances of a plain pass
  FeatureMatrix<T>& matrix_;
  const SumGrids& grids_;
  const Scatter& scatter_;
  Centroids centroids_;
  Assigner<T> assigner_;
  SegmentSums local_sums_;
  SegmentSums global_sums_;
  std::int64_t unsettled_ = 0;
  std::int64_t distances_ = 0;
};

template <class T>
void check_enough_customers(const Communicator& comm, const FeatureMatrix<T>& matrix, std::int64_t customers,
                            int segments) {
  if (customers == 0) {
    Error error(ExitCode::bad_data, "the portfolio has no customers");
    throw comm::AgreedError(error.remedy("Check the path given with --shards"));
  }
  if (matrix.features() > max_features)
    throw comm::AgreedError(
        Error(ExitCode::bad_data, fmt::format("{} features; {} is the limit", matrix.features(), max_features)));
  const std::int64_t distinct = count_distinct(comm, matrix, segments);
  if (distinct >= segments) return;
  const std::string reason = distinct == customers
                                 ? fmt::format("there are only {} customers", customers)
                                 : fmt::format("only {} of {} customers differ in their features", distinct, customers);
  Error error(ExitCode::bad_data, fmt::format("{} segments were asked for, but {}", segments, reason));
  throw comm::AgreedError(error.remedy(fmt::format("Use --segments {} or fewer", distinct)));
}

// Distances to larger centroids could be infinite, and a customer would be in no segment.
constexpr double largest_coordinate = 1e150;

void check_given(const Centroids& given, int segments, int features) {
  if (given.segments != segments || given.features != features)
    throw comm::AgreedError(
        Error(ExitCode::bad_data, fmt::format("{} centroids of {} features are given where {} of {} are needed",
                                              given.segments, given.features, segments, features)));
  for (double value : given.values)
    if (!(std::abs(value) <= largest_coordinate))
      throw comm::AgreedError(Error(ExitCode::bad_data, "a given centroid is no number or above 1e150 in magnitude"));
}

// What fits need of the data, whatever their options.
struct Basis {
  std::int64_t customers = 0;
  SumGrids grids;
  Scatter scatter;
};

// Collective. Three passes over the matrix.
template <class T>
Basis make_basis(const Communicator& comm, const FeatureMatrix<T>& matrix) {
  Basis basis;
  basis.customers = comm.sum(matrix.rows());
  basis.grids = make_grids(comm, matrix);
  basis.scatter = compute_scatter(comm, matrix, basis.grids, basis.customers);
  return basis;
}

// fit() once there are enough customers.
template <class T>
FitResult fit_on(const Communicator& comm, FeatureMatrix<T>& matrix, const Basis& basis, const FitOptions& options,
                 const std::optional<Centroids>& given, core::Events& events) {
  FitResult result;
  result.customers = basis.customers;
  const int restarts = is_by_chance(options.seeding) && options.segments > 1 ? options.restarts : 1;
  std::int64_t iterations = 0;  // of all restarts so far
  for (int restart = 0; restart < restarts; ++restart) {
    const Stopwatch seeding;
    Centroids seeds = given ? *given : make_seeds(comm, matrix, options, restart);
    result.seeding_s += seeding.elapsed_s();
    const Stopwatch iterating;
    Lloyd<T> lloyd(comm, matrix, basis.grids, basis.scatter, std::move(seeds), options.algorithm);
    const Course course{restart, restarts,
                        restart > 0 ? static_cast<int>(iterations / restart) : options.max_iterations};
    RestartResult done = lloyd.run(options, course, events);
    done.centroids = sorted_by_size(lloyd.centroids(), lloyd.counts());
    iterations += done.iterations;
    result.iteration_s += iterating.elapsed_s();
    events.info(fmt::format("{}{} iterations, inertia {:.10g}: {}", course.name(), done.iterations, done.inertia,
                            describe(done.stop)));
    result.restarts.push_back(std::move(done));
    result.unsettled += lloyd.unsettled();
    result.assigned += result.customers * result.restarts.back().iterations;
    result.distances += lloyd.distances();
    const double best = result.restarts[static_cast<std::size_t>(result.best_restart)].inertia;
    if (restart == 0 || result.restarts.back().inertia < best) result.best_restart = restart;
  }
  result.centroids = result.restarts[static_cast<std::size_t>(result.best_restart)].centroids;
  return result;
}

}  // namespace

const char* name_of(StopReason reason) {
  switch (reason) {
    case StopReason::fixed_point: return "fixed-point";
    case StopReason::tolerance: return "tolerance";
    case StopReason::max_iterations: return "max-iterations";
  }
  return "";
}

const char* describe(StopReason reason) {
  switch (reason) {
    case StopReason::fixed_point: return "no customer changed segment";
    case StopReason::tolerance: return "the inertia fell by less than --tolerance";
    case StopReason::max_iterations: return "--max-iterations was reached";
  }
  return "";
}

template <class T>
FitResult fit(const Communicator& comm, FeatureMatrix<T>& matrix, const FitOptions& options,
              const std::optional<Centroids>& given, core::Events& events) {
  check_enough_customers(comm, matrix, comm.sum(matrix.rows()), options.segments);
  if (given) check_given(*given, options.segments, matrix.features());
  return fit_on(comm, matrix, make_basis(comm, matrix), options, given, events);
}

template FitResult fit<float>(const Communicator&, FeatureMatrix<float>&, const FitOptions&,
                              const std::optional<Centroids>&, core::Events&);
template FitResult fit<double>(const Communicator&, FeatureMatrix<double>&, const FitOptions&,
                               const std::optional<Centroids>&, core::Events&);

template <class T>
std::vector<FitResult> fit_each(const Communicator& comm, FeatureMatrix<T>& matrix,
                                const std::vector<FitOptions>& options, core::Events& events) {
  if (options.empty()) return {};
  const auto most = std::ranges::max_element(options, {}, &FitOptions::segments);
  check_enough_customers(comm, matrix, comm.sum(matrix.rows()), most->segments);
  const Basis basis = make_basis(comm, matrix);
  std::vector<FitResult> results;
  for (const FitOptions& each : options) {
    events.info(fmt::format("{} segments, {} of {} fits", each.segments, results.size() + 1, options.size()));
    results.push_back(fit_on(comm, matrix, basis, each, std::nullopt, events));
  }
  return results;
}

template std::vector<FitResult> fit_each<float>(const Communicator&, FeatureMatrix<float>&,
                                                const std::vector<FitOptions>&, core::Events&);
template std::vector<FitResult> fit_each<double>(const Communicator&, FeatureMatrix<double>&,
                                                 const std::vector<FitOptions>&, core::Events&);

}  // namespace cardseg::cluster
