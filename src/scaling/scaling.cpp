#include "cardseg/scaling/scaling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "cardseg/cluster/fit.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/session.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/sha256.hpp"

namespace cardseg::scaling {
namespace {

using comm::Communicator;
using core::Error;
using core::ExitCode;

Error wrong_ranks(const std::string& what, const std::string& remedy) {
  return Error(ExitCode::usage, core::field("ranks") + " " + what).remedy(remedy);
}

int parse_ranks(std::string_view word, const std::string& text) {
  int ranks = 0;
  const auto parsed = std::from_chars(word.data(), word.data() + word.size(), ranks);
  if (word.empty() || parsed.ec != std::errc() || parsed.ptr != word.data() + word.size())
    throw wrong_ranks("cannot be '" + text + "'", "It is a list of numbers, for example 1,2,4,8");
  return ranks;
}

void check_ranks(const std::vector<int>& ascending, int started) {
  if (ascending.front() < 1) throw wrong_ranks(fmt::format("cannot hold {}", ascending.front()), "The smallest is 1");
  const auto twice = std::ranges::adjacent_find(ascending);
  if (twice != ascending.end())
    throw wrong_ranks(fmt::format("holds {} twice", *twice),
                      core::field("repeat") + " says how often each is measured");
  if (ascending.back() > started)
    throw wrong_ranks(
        fmt::format("holds {}, but {} rank{} started", ascending.back(), started, started == 1 ? " was" : "s were"),
        fmt::format("Start as many as the largest (mpirun -n {}, or srun -n {} in an allocation), or list fewer",
                    ascending.back(), ascending.back()));
}

std::string digest_of(const cluster::FitResult& fitted) {
  core::Sha256 digest;
  const auto add = [&](const std::vector<double>& values) {
    digest.update(values.data(), values.size() * sizeof(double));
  };
  add(fitted.centroids.values);
  add(fitted.best().course);
  return digest.hex();
}

// Collective over the group. All ranks have the digest that is expected, or where that is empty have the same.
void check_same_bytes(const Communicator& group, const std::string& digest, std::string expected,
                      std::int64_t customers) {
  const std::vector<std::string> digests = group.allgather(digest);
  group.broadcast(expected, 0);
  if (expected.empty()) expected = digests.front();
  const auto other = std::ranges::find_if(digests, [&](const std::string& each) { return each != expected; });
  if (other == digests.end()) return;
  throw comm::AgreedError(
      Error(ExitCode::internal,
            fmt::format("rank {} of {} found other centroids for {} customers than a fit before it: SHA-256 {} and {}",
                        other - digests.begin(), group.size(), customers, other->substr(0, 16), expected.substr(0, 16)))
          .remedy("This is a mistake in cardseg, or in the machine's arithmetic: keep the command and the log"));
}

template <class T>
class ScalingMeasurement {
 public:
  ScalingMeasurement(const Communicator& comm, const ScalingOptions& options, const MatrixMaker<T>& make_matrix,
                     core::Events& events)
      : comm_(comm),
        options_(options),
        make_matrix_(make_matrix),
        events_(events),
        places_(comm.allgather(comm::local_place(options.threads))) {}

  std::vector<ScalingPoint> run() {
    for (int ranks : options_.ranks) on_first(ranks, [&](const Communicator& group) { measure(group); });
    if (options_.kind == ScalingKind::weak && options_.ranks.size() > 1)
      on_first(options_.ranks.back(), [&](const Communicator& group) { find_again(group); });
    return std::move(points_);
  }

 private:
  // Collective. Does the work on the first ranks while the others sleep; what all of these throw, all ranks throw.
  template <class Work>
  void on_first(int ranks, Work work) {
    const bool is_in = comm_.rank() < ranks;
    const Communicator group = comm_.split(is_in ? 0 : 1);
    std::optional<Error> failure;
    try {
      if (is_in) work(group);
    } catch (const comm::AgreedError& error) {
      failure = error;
    }
    comm_.quiet_barrier();
    comm::throw_agreed(comm_, failure);
  }

  void measure(const Communicator& group) {
    ScalingPoint point;
    point.ranks = group.size();
    point.placement = comm::count_places(std::span(places_).first(static_cast<std::size_t>(group.size())));
    point.customers = scaled_customers(options_, group.size());
    if (options_.kind == ScalingKind::strong && !points_.empty()) point.digest = points_.front().digest;
    portfolio::FeatureMatrix<T> matrix = make_matrix_(group, point.customers);
    for (int repeat = 0; repeat < options_.repeats; ++repeat) {
      measure_once(group, matrix, point);
      report(point);
    }
    points_.push_back(std::move(point));
  }

  void measure_once(const Communicator& group, portfolio::FeatureMatrix<T>& matrix, ScalingPoint& point) {
    cluster::FitTimes times;
    group.barrier();
    const std::string digest = fit_once(group, matrix, point, &times);
    check_same_bytes(group, digest, point.digest, point.customers);
    point.digest = digest;
    const auto iterations = static_cast<double>(point.iterations);
    point.messages = static_cast<double>(times.traffic.calls) / iterations;
    point.bytes = static_cast<double>(times.traffic.bytes) / iterations;
    ScalingRun run = over_ranks(group, times, iterations);
    if (group.is_root()) point.runs.push_back(run);
  }

  std::string fit_once(const Communicator& group, portfolio::FeatureMatrix<T>& matrix, ScalingPoint& point,
                       cluster::FitTimes* times) const {
    core::Events silent;
    const cluster::FitResult fitted = fit(group, matrix, options_.fit, silent, {.times = times});
    point.iterations = fitted.best().iterations;
    return digest_of(fitted);
  }

  static ScalingRun over_ranks(const Communicator& group, const cluster::FitTimes& times, double iterations) {
    double longest[] = {times.iteration_s, times.assign_s};
    group.allreduce_max(std::span(longest));
    double assign_s = 0;
    double communicate_s = 0;
    for (double each : group.allgather(times.assign_s)) assign_s += each / group.size();
    for (double each : group.allgather(times.traffic.elapsed_s)) communicate_s += each / group.size();
    return {longest[0] / iterations, assign_s / iterations, longest[1] / iterations, communicate_s / iterations};
  }

  // What fewer ranks found of fewer customers.
  void find_again(const Communicator& group) {
    events_.info(fmt::format("repeating on {} ranks what fewer ranks found", group.size()));
    for (std::size_t i = 0; i + 1 < options_.ranks.size(); ++i) {
      ScalingPoint again;
      const std::int64_t customers = scaled_customers(options_, options_.ranks[i]);
      portfolio::FeatureMatrix<T> matrix = make_matrix_(group, customers);
      const std::string digest = fit_once(group, matrix, again, nullptr);
      check_same_bytes(group, digest, group.is_root() ? points_[i].digest : "", customers);
    }
  }

  void report(const ScalingPoint& point) const {
    if (!comm_.is_root()) return;
    const auto done =
        static_cast<std::int64_t>(points_.size() * static_cast<std::size_t>(options_.repeats) + point.runs.size());
    events_.progress("scaling", done, static_cast<std::int64_t>(options_.ranks.size()) * options_.repeats,
                     fmt::format("{} ranks, {:.3g} ms an iteration", point.ranks, 1e3 * point.runs.back().iteration_s));
  }

  const Communicator& comm_;
  const ScalingOptions& options_;
  const MatrixMaker<T>& make_matrix_;
  core::Events& events_;
  std::vector<std::string> places_;
  std::vector<ScalingPoint> points_;
};

// The median over a point's runs of what `of` says of each.
template <class Of>
double median_of(const ScalingPoint& point, Of of) {
  std::vector<double> values;
  for (const ScalingRun& run : point.runs) values.push_back(of(run));
  return median(std::move(values));
}

double ratio(double a, double b) { return b > 0 ? a / b : 0.0; }

}  // namespace

core::OptionTable describe(ScalingRequest& o) {
  using core::field;
  using core::Shapes;
  return {
      "Scaling",
      {core::choice(o.kind, scaling_kind_names,
                    {"kind", "KIND", Shapes::result,
                     "strong: the same customers on more ranks; weak: the same number of customers for each rank"}),
       core::text(o.ranks, {"ranks", "A,B,...", Shapes::result,
                            "numbers of ranks to measure, up to the number started; default: 1, 2, 4, ... and all"}),
       core::number(o.repeats, {1, 1000}, {"repeat", "N", Shapes::result, "fits on each number of ranks"}),
       core::number(o.customers, {0, 1'000'000'000'000},
                    {"customers", "N", Shapes::result,
                     "generated customers, with " + field("kind") + " weak for each rank; 0: 500000"}),
       core::number(o.features, {0, 4096}, {"features", "D", Shapes::result, "features of generated customers; 0: 20"}),
       core::number(o.segments, {1, 10000}, {"segments,k", "K", Shapes::result, "number of segments"}),
       core::number(o.iterations, {1, 1'000'000},
                    {"iterations", "N", Shapes::result, "iterations of a fit; fewer if it ends earlier"}),
       core::choice(o.algorithm, cluster::algorithm_names,
                    {"algorithm", "HOW", Shapes::nothing,
                     "which comparisons a pass may skip: plain (none), auto, hamerly or yinyang; the results are the "
                     "same bytes"}),
       core::number(o.seed, {"seed", "N", Shapes::result, "the same seed generates the same customers"})}};
}

std::vector<int> parse_rank_list(const std::string& text, int started) {
  std::vector<int> ranks;
  if (text.empty()) {
    for (int p = 1; p < started; p *= 2) ranks.push_back(p);
    ranks.push_back(started);
    return ranks;
  }
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    ranks.push_back(parse_ranks(std::string_view(text).substr(begin, comma - begin), text));
    begin = comma + 1;
  }
  std::ranges::sort(ranks);
  check_ranks(ranks, started);
  return ranks;
}

std::int64_t scaled_customers(const ScalingOptions& options, int ranks) {
  return options.kind == ScalingKind::weak ? options.customers * ranks : options.customers;
}

template <class T>
std::vector<ScalingPoint> measure_scaling(const Communicator& comm, const ScalingOptions& options,
                                          const MatrixMaker<T>& make_matrix, core::Events& events) {
  return ScalingMeasurement<T>(comm, options, make_matrix, events).run();
}

template std::vector<ScalingPoint> measure_scaling<float>(const Communicator&, const ScalingOptions&,
                                                          const MatrixMaker<float>&, core::Events&);
template std::vector<ScalingPoint> measure_scaling<double>(const Communicator&, const ScalingOptions&,
                                                           const MatrixMaker<double>&, core::Events&);

std::vector<ScalingSummary> summarise(ScalingKind kind, const std::vector<ScalingPoint>& points) {
  std::vector<ScalingSummary> summaries;
  for (const ScalingPoint& point : points) {
    ScalingSummary summary;
    const auto seconds = [](const ScalingRun& run) { return run.iteration_s; };
    summary.median_s = median_of(point, seconds);
    summary.min_s = std::ranges::min(point.runs, {}, seconds).iteration_s;
    summary.max_s = std::ranges::max(point.runs, {}, seconds).iteration_s;
    summary.assign_s = median_of(point, [](const ScalingRun& run) { return run.assign_s; });
    summary.communicate_s = median_of(point, [](const ScalingRun& run) { return run.communicate_s; });
    summary.update_s = median_of(point, [](const ScalingRun& run) { return run.update_s(); });
    summary.communication_share =
        median_of(point, [](const ScalingRun& run) { return ratio(run.communicate_s, run.iteration_s); });
    summary.imbalance =
        median_of(point, [](const ScalingRun& run) { return ratio(run.slowest_assign_s, run.assign_s); });
    const double first_s = summaries.empty() ? summary.median_s : summaries.front().median_s;
    const int counted = kind == ScalingKind::strong ? points.front().ranks : point.ranks;
    summary.speedup = counted * ratio(first_s, summary.median_s);
    summary.efficiency = summary.speedup / point.ranks;
    summaries.push_back(summary);
  }
  return summaries;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace cardseg::scaling
