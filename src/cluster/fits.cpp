#include "cluster/fits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/session.hpp"
#include "cardseg/core/error.hpp"

namespace cardseg::cluster {
namespace {

constexpr std::size_t losing_from = 5;  // iterations that a restart has at least

class Stopwatch {
 public:
  double elapsed_s() const { return comm::clock_s() - start_s_; }

 private:
  double start_s_ = comm::clock_s();
};

std::vector<Task> list_tasks(const std::vector<FitOptions>& options) {
  std::vector<Task> tasks;
  for (std::size_t fit = 0; fit < options.size(); ++fit) {
    const bool by_chance = is_by_chance(options[fit].seeding) && options[fit].segments > 1;
    for (int restart = 0; restart < (by_chance ? options[fit].restarts : 1); ++restart)
      tasks.push_back({static_cast<int>(fit), restart});
  }
  return tasks;
}

}  // namespace

template <class T>
Fits<T>::Fits(const FitSetting<T>& setting, const std::vector<FitOptions>& options, const SeedRestart& seed,
              const FitControl& control)
    : setting_(setting),
      options_(options),
      seed_(seed),
      control_(control),
      shares_passes_(control.together > 1 ||
                     std::ranges::count(control.start.restarts, false, &RestartProgress::is_finished) > 1),
      tasks_(list_tasks(options)) {}

// Collective.
template <class T>
std::vector<FitResult> Fits<T>::run() {
  go_on_from(control_.start);
  while (begin_more()) {
    iterate();
    retire();
    serve_request();
  }
  if (control_.checkpoints) control_.checkpoints->save(progress(), false);
  return results();
}

template <class T>
void Fits<T>::go_on_from(const FitProgress& start) {
  for (const RestartProgress& each : start.restarts) {
    if (each.is_finished)
      add_done(each);
    else
      begin(each);
    is_repeating_ = is_repeating_ || (!each.is_finished && each.result.iterations > 0);
  }
  next_ = start.restarts.size();
}

template <class T>
void Fits<T>::begin(RestartProgress progress) {
  const FitOptions& options = options_of(progress);
  live_.push_back(comm::agree(setting_.comm, [&] {
    return std::make_unique<Lloyd<T>>(setting_, options, std::move(progress), shares_passes_);
  }));
}

// Collective. Seeds as many restarts as may share passes; false where none is left to do.
template <class T>
bool Fits<T>::begin_more() {
  while (next_ < tasks_.size() && live_.size() < static_cast<std::size_t>(control_.together)) {
    const Task task = tasks_[next_++];
    const FitOptions& options = options_[static_cast<std::size_t>(task.fit)];
    if (task.restart == 0 && options_.size() > 1)
      setting_.events.info(fmt::format("{} segments, {} of {} fits", options.segments, task.fit + 1, options_.size()));
    const Stopwatch seeding;
    RestartProgress progress{task.fit, task.restart, false, {}, {}};
    Seeds seeds = seed_(options, task.restart);
    progress.result.centroids = std::move(seeds.centroids);
    progress.result.seeding = seeds.record;
    setting_.events.info(name_of_restart(progress) + "seeds: " + describe(seeds.record, setting_.basis.customers));
    times_.seeding_s += seeding.elapsed_s();
    begin(std::move(progress));
  }
  return !live_.empty();
}

// Collective. One pass for all models at work, one allreduce.
template <class T>
void Fits<T>::iterate() {
  const Stopwatch iterating;
  const comm::Traffic before = setting_.comm.traffic();
  std::vector<AssignerPass<T>> passes;
  for (const Live& each : live_) passes.push_back(each->next_pass());
  std::vector<ModelPass> models = comm::agree(setting_.comm, [&] {
    const Stopwatch assigning;
    const std::vector<PassCounts> counts = pass_together<T>(passes);
    times_.assign_s += assigning.elapsed_s();
    std::vector<ModelPass> found;
    for (std::size_t m = 0; m < passes.size(); ++m) found.push_back({*passes[m].local_sums, counts[m]});
    return found;
  });
  const CheckpointRequest request = control_.checkpoints ? control_.checkpoints->request() : CheckpointRequest::none;
  std::int64_t requests[] = {request == CheckpointRequest::save, request == CheckpointRequest::stop};
  reduce(setting_.comm, setting_.basis.grids, models, requests);
  // A pass that is repeated is no progress: a job that stops behind it each time would never come to an end.
  const bool is_heard = !std::exchange(is_repeating_, false);
  request_ = !is_heard         ? CheckpointRequest::none
             : requests[1] > 0 ? CheckpointRequest::stop
             : requests[0] > 0 ? CheckpointRequest::save
                               : CheckpointRequest::none;
  for (std::size_t m = 0; m < live_.size(); ++m) live_[m]->finish_iteration(models[m]);
  report();
  times_.traffic += setting_.comm.traffic() - before;
  times_.iteration_s += iterating.elapsed_s();
}

template <class T>
void Fits<T>::add_done(const RestartProgress& each) {
  done_.push_back(each);
  done_iterations_ += each.result.iterations;
}

// Takes those models out that have come to their end.
template <class T>
void Fits<T>::retire() {
  for (Live& each : live_) {
    std::optional<StopReason> reason = each->reason_to_stop();
    if (!reason && is_losing(each->progress())) reason = StopReason::losing;
    if (!reason) continue;
    each->finish(*reason);
    const RestartResult& result = each->progress().result;
    setting_.events.info(fmt::format("{}{} iterations, inertia {:.10g}: {}", name_of_restart(each->progress()),
                                     result.iterations, result.inertia, describe(*reason)));
    add_done(each->progress());
    each.reset();
  }
  std::erase(live_, nullptr);
}

// Whether a restart before this one was ahead by more than is allowed after as many iterations. Restarts before this
// one have done as many, or have ended: so the answer does not depend on which of them run together.
template <class T>
bool Fits<T>::is_losing(const RestartProgress& mine) const {
  const double allowed = options_of(mine).stop_losers;
  const auto passes = static_cast<std::size_t>(mine.result.iterations);
  if (allowed <= 0 || passes < losing_from) return false;
  double least = HUGE_VAL;
  const auto look_at = [&](const RestartProgress& other) {
    if (other.fit == mine.fit && other.restart < mine.restart)
      least = std::min(least, other.result.course[std::min(passes, other.result.course.size()) - 1]);
  };
  for (const RestartProgress& other : done_) look_at(other);
  for (const Live& other : live_)
    if (other) look_at(other->progress());
  return mine.result.inertia > (1 + allowed) * least;
}

// Collective.
template <class T>
void Fits<T>::serve_request() {
  if (request_ == CheckpointRequest::none) return;
  control_.checkpoints->save(progress(), request_ == CheckpointRequest::stop);
  if (request_ != CheckpointRequest::stop) return;
  core::Error error(core::ExitCode::stopped, "stopped before the end, with a checkpoint");
  throw comm::AgreedError(error.remedy("Run the same command again: it goes on from there"));
}

template <class T>
FitProgress Fits<T>::progress() const {
  FitProgress all{done_};
  for (const Live& each : live_) all.restarts.push_back(each->progress());
  std::ranges::sort(all.restarts, {}, [](const RestartProgress& each) { return std::pair(each.fit, each.restart); });
  return all;
}

// A restart is expected to take as many iterations as those before it did.
template <class T>
void Fits<T>::report() const {
  const RestartProgress& first = live_.front()->progress();
  const std::int64_t expected =
      done_.empty() ? options_of(first).max_iterations : done_iterations_ / static_cast<std::int64_t>(done_.size());
  std::int64_t iterations = done_iterations_;
  for (const Live& each : live_) iterations += std::min<std::int64_t>(expected, each->progress().result.iterations);
  const std::int64_t total = done_iterations_ + expected * static_cast<std::int64_t>(tasks_.size() - done_.size());
  const std::string others = live_.size() > 1 ? fmt::format(" (and {} others)", live_.size() - 1) : "";
  const core::Fact facts[] = {{"segments", std::int64_t{options_of(first).segments}},
                              {"restart", std::int64_t{first.restart} + 1},
                              {"restarts", std::int64_t{options_of(first).restarts}},
                              {"iteration", std::int64_t{first.result.iterations}},
                              {"inertia", first.result.inertia},
                              {"moved", live_.front()->moved()}};
  setting_.events.progress("fit", iterations, total, name_of_restart(first) + live_.front()->text() + others, facts);
}

template <class T>
std::string Fits<T>::name_of_restart(const RestartProgress& each) const {
  const FitOptions& options = options_of(each);
  const std::string fit = options_.size() > 1 ? fmt::format("{} segments, ", options.segments) : "";
  if (tasks_.size() == options_.size()) return fit;
  return fit + fmt::format("restart {} of {}, ", each.restart + 1, options.restarts);
}

template <class T>
std::vector<FitResult> Fits<T>::results() const {
  std::vector<FitResult> results(options_.size());
  for (const RestartProgress& each : progress().restarts) {
    FitResult& result = results[static_cast<std::size_t>(each.fit)];
    result.customers = setting_.basis.customers;
    result.restarts.push_back(each.result);
    if (result.restarts.back().inertia < result.best().inertia) result.best_restart = each.restart;
  }
  for (FitResult& result : results) result.centroids = result.best().centroids;
  return results;
}

template class Fits<float>;
template class Fits<double>;

}  // namespace cardseg::cluster
