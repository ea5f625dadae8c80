#include "cardseg/quality/stability.hpp"

#include <omp.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <limits>
#include <span>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/philox.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "cardseg/quality/sample.hpp"
#include "quality/even_rows.hpp"
#include "quality/null_twin.hpp"
#include "quality/resample.hpp"

namespace cardseg::quality {
namespace {

using comm::Communicator;
using portfolio::FeatureMatrix;

constexpr std::array<std::int64_t, 3> sizes = {1000, 10'000, 100'000};
constexpr std::int64_t most_fast = 10'000;
constexpr std::int64_t most_full = 100'000;
constexpr std::int64_t pool_sizes = 5;          // resamples are drawn from so many times as many customers
constexpr std::int64_t twin_sizes = 2;          // a twin has so many times as many as a resample
constexpr std::int64_t most_compared = 10'000;  // customers in whom two segmentations are compared
constexpr std::int64_t least_compared = 5;      // of a segment
constexpr double least_instability = 0.001;
constexpr double log_unit = 0x1p40;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Sizes that a portfolio of so many customers allows.
std::vector<std::int64_t> allowed_sizes(Trust trust, std::int64_t customers) {
  if (trust == Trust::off) return {};
  const std::int64_t most = std::min(customers, trust == Trust::fast ? most_fast : most_full);
  std::vector<std::int64_t> allowed;
  for (const std::int64_t size : sizes)
    if (size <= most) allowed.push_back(size);
  if (customers <= most && (allowed.empty() || allowed.back() < customers)) allowed.push_back(customers);
  return allowed;
}

std::int64_t divided_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// Customers of a resample that holds so many of a segment.
std::int64_t size_for(std::int64_t of_segment, std::int64_t customers, std::int64_t wanted) {
  return of_segment > 0 ? divided_up(wanted * customers, of_segment) : std::numeric_limits<std::int64_t>::max();
}

// The model's part in what is done: at one size.
struct Job {
  std::size_t model = 0;
  std::size_t place = 0;  // among the sizes of the model's answer
  std::int64_t size = 0;
  int segments = 0;
  std::size_t first = 0;  // of its numbers
};

// Nominator and denominator of each segment's best Jaccard, and behind them the logarithm of a twin's inertia.
std::size_t numbers_of(const Job& job) { return 2 * static_cast<std::size_t>(job.segments) + 1; }

// Resamples and twins of one size, for all models that are tested at it.
struct Batch {
  std::int64_t size = 0;
  std::vector<Job> jobs;
};

double jaccard_of(std::span<const std::int64_t> numbers, std::size_t segment) {
  const std::int64_t either = numbers[2 * segment + 1];
  return either >= least_compared ? static_cast<double>(numbers[2 * segment]) / static_cast<double>(either) : nan;
}

double mean_of_known(const std::vector<double>& values) {
  double sum = 0.0;
  int known = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    ++known;
  }
  return known > 0 ? sum / known : nan;
}

// The resamples and twins of all models: who does which, and what is found of each.
template <class T>
class Resampling {
 public:
  Resampling(const FeatureMatrix<T>& pool, std::int64_t customers, const std::vector<ResampledModel>& models,
             const ResamplingOptions& options)
      : pool_(pool),
        customers_(customers),
        models_(models),
        options_(options),
        twins_(pool),
        compared_(rows_of(pool, even_rows(pool.rows(), most_compared))) {
    for (const ResampledModel& model : models) labels_.push_back(labels_of(compared_, model.centroids));
  }

  int units() const { return options_.resamples + options_.twins; }

  // Writes the numbers of one resample or twin for every job of its size.
  void work(const Batch& batch, int unit, std::span<std::int64_t> numbers) const {
    if (unit < options_.resamples)
      resample_portfolio(batch, unit, numbers);
    else
      resample_twin(batch, unit, numbers);
  }

  std::span<std::int64_t> numbers_at(const Job& job, int unit, std::span<std::int64_t> numbers) const {
    return numbers.subspan(job.first + numbers_of(job) * static_cast<std::size_t>(unit), numbers_of(job));
  }

 private:
  core::RowRandom random_of(int unit) const {
    return {options_.seed, core::Purpose::resampling, static_cast<std::uint32_t>(unit)};
  }
  std::uint64_t fit_seed(int unit, const Job& job, std::uint32_t which) const {
    return random_of(unit).bits(job.segments, which);
  }

  void resample_portfolio(const Batch& batch, int unit, std::span<std::int64_t> numbers) const {
    FeatureMatrix<T> drawn = resample(pool_, batch.size, random_of(unit));
    for (const Job& job : batch.jobs) {
      const SmallFit fit = fit_small(drawn, job.segments, fit_seed(unit, job, 1));
      write_jaccards(labels_[job.model], job.segments, labels_of(compared_, fit.centroids), fit.centroids.segments,
                     numbers_at(job, unit, numbers));
    }
  }

  void resample_twin(const Batch& batch, int unit, std::span<std::int64_t> numbers) const {
    const std::int64_t rows = std::min(customers_, std::max(twin_sizes * batch.size, options_.twin_customers));
    FeatureMatrix<T> twin = twins_.draw<T>(options_.seed, unit, rows);
    FeatureMatrix<T> drawn = resample(twin, batch.size, random_of(unit));
    const FeatureMatrix<T> compared = rows_of(twin, even_rows(rows, most_compared));
    for (const Job& job : batch.jobs) {
      const SmallFit whole = fit_small(twin, job.segments, fit_seed(unit, job, 1));
      const SmallFit again = fit_small(drawn, job.segments, fit_seed(unit, job, 2));
      const std::span<std::int64_t> found = numbers_at(job, unit, numbers);
      write_jaccards(labels_of(compared, whole.centroids), whole.centroids.segments,
                     labels_of(compared, again.centroids), again.centroids.segments, found);
      found.back() = std::llround(log_unit * std::log(whole.inertia / static_cast<double>(rows)));
    }
  }

  const FeatureMatrix<T>& pool_;
  std::int64_t customers_;
  const std::vector<ResampledModel>& models_;
  const ResamplingOptions& options_;
  NullTwins twins_;
  FeatureMatrix<T> compared_;
  std::vector<std::vector<std::int32_t>> labels_;
};

// Which sizes each model is tested at: all, or the smallest that is enough.
std::vector<Stability> plan_sizes(const std::vector<ResampledModel>& models, const ResamplingOptions& options,
                                  std::int64_t customers) {
  const std::vector<std::int64_t> allowed = allowed_sizes(options.trust, customers);
  std::vector<Stability> planned(models.size());
  for (std::size_t m = 0; m < models.size(); ++m) {
    Stability& stability = planned[m];
    if (models[m].centroids.segments < 2 || allowed.empty()) continue;
    stability.wanted = size_for(*std::ranges::min_element(models[m].customers), customers, options.segment_customers);
    const std::int64_t least =
        size_for(*std::ranges::max_element(models[m].customers), customers, options.segment_customers);
    for (const std::int64_t size : allowed)
      if (size >= least) stability.sizes.emplace_back().customers = size;
    if (stability.sizes.empty()) continue;
    const auto enough =
        std::ranges::find_if(stability.sizes, [&](const auto& each) { return each.customers >= stability.wanted; });
    const StabilityAtSize judged = enough == stability.sizes.end() ? stability.sizes.back() : *enough;
    if (options.trust == Trust::fast) stability.sizes = {judged};
    stability.judged = static_cast<std::size_t>(
        std::ranges::find(stability.sizes, judged.customers, &StabilityAtSize::customers) - stability.sizes.begin());
  }
  return planned;
}

std::vector<Batch> batches_of(const std::vector<Stability>& planned, const std::vector<ResampledModel>& models,
                              int units) {
  std::vector<Batch> batches;
  std::size_t next = 0;
  for (std::size_t m = 0; m < planned.size(); ++m)
    for (std::size_t s = 0; s < planned[m].sizes.size(); ++s) {
      const Job job{m, s, planned[m].sizes[s].customers, models[m].centroids.segments, next};
      next += numbers_of(job) * static_cast<std::size_t>(units);
      auto batch = std::ranges::find(batches, job.size, &Batch::size);
      if (batch == batches.end()) batch = batches.insert(batch, Batch{job.size, {}});
      batch->jobs.push_back(job);
    }
  return batches;
}

std::size_t count_numbers(const std::vector<Batch>& batches, int units) {
  std::size_t count = 0;
  for (const Batch& batch : batches)
    for (const Job& job : batch.jobs) count += numbers_of(job) * static_cast<std::size_t>(units);
  return count;
}

// Says how far this rank's resamples are.
class ResamplingProgress {
 public:
  ResamplingProgress(core::Events& events, std::int64_t total) : events_(events), total_(total) {}

  void add() {
    const std::int64_t done = ++done_;
    if (omp_get_thread_num() == 0) events_.progress("trust", done, total_);
  }

 private:
  core::Events& events_;
  std::int64_t total_;
  std::atomic<std::int64_t> done_ = 0;
};

// Local. This rank's resamples and twins; of the others' numbers 0 is left. Small ones are done side by side by
// threads, of large ones each by all threads.
template <class T>
std::vector<std::int64_t> local_numbers(const Communicator& comm, const Resampling<T>& resampling,
                                        const std::vector<Batch>& batches, core::Events& events) {
  std::vector<std::int64_t> numbers(count_numbers(batches, resampling.units()));
  const int mine = (resampling.units() - comm.rank() + comm.size() - 1) / comm.size();
  ResamplingProgress progress(events, mine * std::ssize(batches));
  core::ThreadFailure failure;
  for (const Batch& batch : batches)
#pragma omp parallel for schedule(dynamic, 1) if (batch.size <= most_fast)
    for (int i = 0; i < mine; ++i)
      failure.guard([&] {
        resampling.work(batch, comm.rank() + i * comm.size(), numbers);
        progress.add();
      });
  failure.rethrow();
  return numbers;
}

// Of all resamples, or of all twins: [unit][segment].
std::vector<std::vector<double>> jaccards_of(const Job& job, std::span<const std::int64_t> numbers, int first,
                                             int units) {
  std::vector<std::vector<double>> found;
  for (int unit = first; unit < first + units; ++unit) {
    const auto of_unit = numbers.subspan(job.first + numbers_of(job) * static_cast<std::size_t>(unit), numbers_of(job));
    found.emplace_back();
    for (int j = 0; j < job.segments; ++j) found.back().push_back(jaccard_of(of_unit, static_cast<std::size_t>(j)));
  }
  return found;
}

struct Spread {
  double mean = nan;
  double deviation = nan;
};

Spread spread_of(const std::vector<double>& values) {
  Spread spread{mean_of_known(values), 0.0};
  double squares = 0.0;
  for (const double value : values) squares += (value - spread.mean) * (value - spread.mean);
  if (values.size() > 1) spread.deviation = std::sqrt(squares / static_cast<double>(values.size() - 1));
  return spread;
}

void fill(const Job& job, const ResamplingOptions& options, const ResampledModel& model, std::int64_t customers,
          std::span<const std::int64_t> numbers, Stability& stability) {
  StabilityAtSize& at = stability.sizes[job.place];
  const auto resamples = jaccards_of(job, numbers, 0, options.resamples);
  for (std::size_t j = 0; j < static_cast<std::size_t>(job.segments); ++j) {
    std::vector<double> of_segment;
    for (const std::vector<double>& each : resamples) of_segment.push_back(each[j]);
    const bool is_enough = size_for(model.customers[j], customers, options.segment_customers) <= job.size;
    at.jaccard.push_back(is_enough ? mean_of_known(of_segment) : nan);
  }
  std::vector<double> of_twins;
  for (const std::vector<double>& each : jaccards_of(job, numbers, options.resamples, options.twins))
    of_twins.push_back(mean_of_known(each));
  const Spread null = spread_of(of_twins);
  at.null_jaccard = null.mean;
  at.null_deviation = null.deviation;
  if (job.place != stability.judged) return;
  std::vector<double> logs;
  for (int unit = options.resamples; unit < options.resamples + options.twins; ++unit)
    logs.push_back(static_cast<double>(numbers[job.first + numbers_of(job) * static_cast<std::size_t>(unit + 1) - 1]) /
                   log_unit);
  const Spread reference = spread_of(logs);
  const double own = std::log(model.inertia / static_cast<double>(customers));
  stability.gap = std::nearbyint((reference.mean - own) * log_unit) / log_unit;
  stability.gap_error = reference.deviation * std::sqrt(1 + 1.0 / options.twins);
}

}  // namespace

double StabilityAtSize::ratio(double jaccard_of_segment) const {
  if (std::isnan(jaccard_of_segment)) return nan;
  return (1 - null_jaccard) / std::max(least_instability, 1 - jaccard_of_segment);
}

double StabilityAtSize::mean_jaccard() const { return mean_of_known(jaccard); }

double StabilityAtSize::least_jaccard() const {
  double least = nan;
  for (const double each : jaccard)
    if (!std::isnan(each) && !(each >= least)) least = each;
  return least;
}

std::int64_t resampling_bytes(Trust trust, std::int64_t customers, int features, portfolio::Precision precision,
                              int threads) {
  const std::vector<std::int64_t> allowed = allowed_sizes(trust, customers);
  if (allowed.empty()) return 0;
  const std::int64_t size = allowed.back();
  const std::int64_t at_once = size <= most_fast ? threads : 1;
  const std::int64_t held =
      std::min(customers, pool_sizes * size) + at_once * ((1 + twin_sizes) * size + 2 * most_compared);
  return held * features * (precision == portfolio::Precision::float32 ? 4 : 8);
}

std::int64_t refitted_customers(Trust trust, std::int64_t customers) {
  const ResamplingOptions usual;
  const std::vector<std::int64_t> allowed = allowed_sizes(trust, customers);
  std::int64_t sum = 0;
  for (const std::int64_t size : allowed)
    if (trust == Trust::full || size == allowed.back())
      sum += size * (usual.resamples + (1 + twin_sizes) * usual.twins);
  return sum;
}

template <class T>
std::vector<Stability> measure_stability(const Communicator& comm, const FeatureMatrix<T>& matrix,
                                         const std::vector<ResampledModel>& models, const ResamplingOptions& options,
                                         core::Events& events) {
  const std::int64_t customers = comm.sum(matrix.rows());
  std::vector<Stability> found = plan_sizes(models, options, customers);
  const std::vector<Batch> batches = batches_of(found, models, options.resamples + options.twins);
  if (batches.empty()) return found;
  const std::int64_t largest = std::ranges::max_element(batches, {}, &Batch::size)->size;
  const std::int64_t pool_size = std::min(customers, pool_sizes * largest);
  const FeatureMatrix<T> pool =
      gather_sample(comm, matrix, draw_rows(comm, matrix.global_rows(), pool_size, options.seed));
  std::vector<std::int64_t> numbers = comm::agree(
      comm, [&] { return local_numbers(comm, Resampling<T>(pool, customers, models, options), batches, events); });
  comm.allreduce_sum(std::span(numbers));
  for (const Batch& batch : batches)
    for (const Job& job : batch.jobs) fill(job, options, models[job.model], customers, numbers, found[job.model]);
  return found;
}

template std::vector<Stability> measure_stability<float>(const Communicator&, const FeatureMatrix<float>&,
                                                         const std::vector<ResampledModel>&, const ResamplingOptions&,
                                                         core::Events&);
template std::vector<Stability> measure_stability<double>(const Communicator&, const FeatureMatrix<double>&,
                                                          const std::vector<ResampledModel>&, const ResamplingOptions&,
                                                          core::Events&);

}  // namespace cardseg::quality
