#include "cluster/fits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/interruption.hpp"
#include "cardseg/comm/session.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/philox.hpp"
#include "cluster/breathing.hpp"

namespace cardseg::cluster {
namespace {

constexpr std::size_t losing_from = 5;  // iterations that a restart has at least

class Stopwatch {
 public:
  double elapsed_s() const { return comm::clock_s() - start_s_; }

 private:
  double start_s_ = comm::clock_s();
};

// At work, and no longer at its seeds.
bool is_begun(const RestartProgress& each) { return !each.is_finished && each.result.iterations > 0; }

std::vector<Task> list_tasks(const std::vector<FitOptions>& options) {
  std::vector<Task> tasks;
  for (std::size_t fit = 0; fit < options.size(); ++fit) {
    for (int restart = 0; restart < restarts_of(options[fit]); ++restart)
      tasks.push_back({static_cast<int>(fit), restart});
  }
  return tasks;
}

// The same on all ranks. A checkpoint is of these fits, and each restart is there once.
void check_start(const FitProgress& start, const std::vector<FitOptions>& options, int features) {
  std::set<std::pair<int, int>> seen;
  for (const RestartProgress& each : start.restarts) {
    const bool is_of_job = each.fit < std::ssize(options) && seen.emplace(each.fit, each.restart).second;
    const auto has_shape = [&](const auto& table) {
      return table.segments == options[static_cast<std::size_t>(each.fit)].segments && table.features == features;
    };
    if (is_of_job && has_shape(each.result.centroids) && (!each.sums || has_shape(*each.sums))) continue;
    throw comm::AgreedError(
        core::Error(core::ExitCode::bad_data, "the checkpoint is not of these fits: other segments or features")
            .remedy("Use " + core::field("restart-from-scratch") + " to begin again"));
  }
}

}  // namespace

template <class T>
Fits<T>::Fits(const FitSetting<T>& setting, const std::vector<FitOptions>& options, const FitControl& control)
    : setting_(setting),
      options_(options),
      control_(control),
      shares_passes_(control.together > 1 || std::ranges::count_if(control.start.restarts, is_begun) > 1),
      tasks_(list_tasks(options)),
      seeder_(setting.comm, setting.matrix),
      is_exhausted_(options.size()),
      is_refitted_(options.size()),
      moves_s_(options.size()),
      refits_s_(options.size()) {}

// Collective.
template <class T>
std::vector<FitResult> Fits<T>::run() {
  go_on_from(control_.start);
  while (begin_more_or_save()) {
    const comm::Uninterrupted whole;  // the end of an iteration asks by itself
    iterate();
    retire();
    serve_request();
  }
  const comm::Uninterrupted whole;
  if (control_.checkpoints) control_.checkpoints->save(progress(), false);
  times_.moves_s =
      std::accumulate(moves_s_.begin(), moves_s_.end(), 0.0) + std::accumulate(refits_s_.begin(), refits_s_.end(), 0.0);
  return results();
}

template <class T>
void Fits<T>::go_on_from(const FitProgress& start) {
  check_start(start, options_, setting_.matrix.features());
  for (const RestartProgress& each : start.restarts) {
    if (each.is_finished)
      add_done(each);
    else if (is_trial(each) || is_begun(each))
      begin(each);
    else
      waiting_.push_back(each);
    is_repeating_ = is_repeating_ || is_begun(each);
    if (!is_trial(each)) ++next_;
    if (each.refitted_from > 0) is_refitted_[static_cast<std::size_t>(each.fit)] = true;
  }
}

template <class T>
void Fits<T>::begin(RestartProgress progress) {
  const FitOptions& options = options_of(progress);
  live_.push_back(comm::agree(setting_.comm, [&] {
    return std::make_unique<Lloyd<T>>(setting_, options, std::move(progress), shares_passes_);
  }));
}

// Collective.
template <class T>
Seeds Fits<T>::seed(const Task& task) {
  if (control_.given) return {*control_.given, {}, -1};
  std::vector<const RestartProgress*> earlier;
  const auto consider = [&](const RestartProgress& each) {
    if (each.fit == task.fit && each.restart < task.restart) earlier.push_back(&each);
  };
  std::ranges::for_each(done_, consider);
  for (const Live& each : live_) consider(each->progress());
  std::ranges::for_each(waiting_, consider);
  std::ranges::sort(earlier, {}, &RestartProgress::restart);
  std::vector<const SeedingRecord*> records;
  for (const RestartProgress* each : earlier) records.push_back(&each->result.seeding);
  return seeder_.seed(options_[static_cast<std::size_t>(task.fit)], task.restart, records);
}

// Collective.
template <class T>
void Fits<T>::seed_restart(const Task& task) {
  if (task.restart == 0 && options_.size() > 1)
    setting_.events.info(fmt::format("{} segments, {} of {} fits",
                                     options_[static_cast<std::size_t>(task.fit)].segments, task.fit + 1,
                                     options_.size()));
  const Stopwatch seeding;
  RestartProgress progress{task.fit, task.restart, 0, false, {}, {}};
  Seeds seeds = seed(task);
  progress.result.centroids = std::move(seeds.centroids);
  progress.result.seeding = std::move(seeds.record);
  setting_.events.info(name_of_restart(progress) +
                       "seeds: " + describe(progress.result.seeding, setting_.basis.customers));
  times_.seeding_s += seeding.elapsed_s();
  if (seeds.met < 0) return waiting_.push_back(std::move(progress));
  progress.result.joined = seeds.met;
  end_on_sample(std::move(progress), StopReason::joined);
}

template <class T>
void Fits<T>::end_on_sample(RestartProgress ended, StopReason reason) {
  ended.is_finished = true;
  ended.result.stop = reason;
  ended.result.inertia = HUGE_VAL;
  setting_.events.info(name_of_restart(ended) + describe(reason));
  add_done(ended);
}

// Collective. Where restarts know each other, all of a fit are seeded before the first of them begins.
template <class T>
void Fits<T>::seed_restarts() {
  const int fit = tasks_[next_].fit;
  do seed_restart(tasks_[next_++]);
  while (next_ < tasks_.size() && tasks_[next_].fit == fit && know_each_other(options_[static_cast<std::size_t>(fit)]));
  leave_out_those_behind(fit);
  seeder_.forget();
}

template <class T>
void Fits<T>::leave_out_those_behind(int fit) {
  if (!know_each_other(options_[static_cast<std::size_t>(fit)])) return;
  double least = HUGE_VAL;
  for (const RestartProgress& each : waiting_)
    if (each.fit == fit) least = std::min(least, each.result.seeding.inertia);
  std::deque<RestartProgress> seeded;
  seeded.swap(waiting_);
  for (RestartProgress& each : seeded) {
    const SeedingRecord& record = each.result.seeding;
    if (each.fit == fit && is_behind(record.inertia, least, record.customers))
      end_on_sample(std::move(each), StopReason::behind);
    else
      waiting_.push_back(std::move(each));
  }
}

// Collective. False where there is none left.
template <class T>
bool Fits<T>::begin_restart() {
  const bool is_first_seeded =
      !waiting_.empty() && (next_ == tasks_.size() || tasks_[next_].fit != waiting_.front().fit ||
                            !know_each_other(options_of(waiting_.front())));
  if (!is_first_seeded && next_ < tasks_.size()) seed_restarts();
  if (waiting_.empty()) return false;
  RestartProgress first = std::move(waiting_.front());
  waiting_.pop_front();
  begin(std::move(first));
  return true;
}

// Collective. None where none can gain, or customers leave no mass to draw.
template <class T>
std::optional<Centroids> Fits<T>::make_move(const FitOptions& options, const Trials& trials, const Move& move) {
  core::Events silence;
  const FitSetting<T> quiet{setting_.comm, setting_.matrix, setting_.basis, silence};
  const Centroids& best = trials.best->result.centroids;
  const SharedCustomers<T> some = share_for_splits(setting_.comm, setting_.matrix, options);
  const Splits splits = comm::agree(setting_.comm, [&] { return find_splits(some.all(), best); });
  if (!may_gain(splits)) return std::nullopt;
  if (move.is_split)
    return breathe(quiet, options, best, {std::max(1, splits_at_once(splits, options.segments)), &splits, nullptr, 0});
  const core::RowRandom random(options.seed, core::Purpose::improving_all);
  return breathe(quiet, options, best, {move.width, nullptr, &random, trials.moves.tried});
}

// Collective. Nothing is begun where the fit's restarts or its last trial are still at work, or there is no other.
template <class T>
void Fits<T>::begin_trial(int fit) {
  const FitOptions& options = options_[static_cast<std::size_t>(fit)];
  const std::vector<const RestartProgress*> done = done_of(fit);
  const bool is_at_work = std::ranges::any_of(live_, [&](const Live& each) { return each->progress().fit == fit; });
  if (is_exhausted_[static_cast<std::size_t>(fit)] || is_at_work || std::ssize(done) < restarts_of(options)) return;
  const Trials trials = follow_trials(options, done);
  const std::optional<Move> move = next_move(options, trials);
  if (!move) return;
  const Stopwatch moving;
  std::optional<Centroids> moved = make_move(options, trials, *move);
  moves_s_[static_cast<std::size_t>(fit)] += moving.elapsed_s();
  is_exhausted_[static_cast<std::size_t>(fit)] = !moved;
  if (!moved) return;
  RestartProgress progress{fit, restarts_of(options) + trials.moves.tried, 0, false, {}, {}};
  progress.result.centroids = std::move(*moved);
  begin(std::move(progress));
}

// Collective. Behind all else: nothing is begun where inertia falls with every further segment.
template <class T>
void Fits<T>::begin_refit() {
  while (const std::optional<Rise> rise = find_rise(segments_and_inertias(), is_refitted_)) {
    const auto fit = static_cast<std::size_t>(rise->fit);
    const FitResult fewer = result_of(rise->fewer);
    const Stopwatch splitting;
    std::optional<Centroids> split = split_to(setting_, options_[fit], fewer.centroids);
    refits_s_[fit] += splitting.elapsed_s();
    is_refitted_[fit] = true;
    if (!split) continue;
    const int from = fewer.centroids.segments;
    setting_.events.info(
        fmt::format("{} segments: inertia {:.10g} exceeds {:.10g} of {} segments, from which it is fitted again",
                    options_[fit].segments, result_of(rise->fit).best().inertia, fewer.best().inertia, from));
    RestartProgress progress{rise->fit, static_cast<int>(done_of(rise->fit).size()), from, false, {}, {}};
    progress.result.centroids = std::move(*split);
    return begin(std::move(progress));
  }
}

// Collective. Seeds as many restarts as may share passes, then trials; false where nothing is left to do.
template <class T>
bool Fits<T>::begin_more() {
  const auto has_room = [&] { return live_.size() < static_cast<std::size_t>(control_.together); };
  while (has_room() && begin_restart()) continue;
  for (int fit = 0; fit < std::ssize(options_) && has_room(); ++fit) begin_trial(fit);
  if (live_.empty()) begin_refit();
  return !live_.empty();
}

// Collective. What interrupts the seeding does not cost the restarts before.
template <class T>
bool Fits<T>::begin_more_or_save() {
  try {
    return begin_more();
  } catch (const comm::AgreedError& error) {
    if (error.code() != core::ExitCode::stopped || !control_.checkpoints) throw;
    const comm::Uninterrupted whole;
    request_ = CheckpointRequest::stop;
    serve_request();
    throw;
  }
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
  add_time(iterating.elapsed_s());
}

// What models at work share is each one's in equal parts.
template <class T>
void Fits<T>::add_time(double elapsed_s) {
  const double part_s = elapsed_s / static_cast<double>(live_.size());
  for (const Live& each : live_) time_of(each->progress()) += part_s;
}

template <class T>
double& Fits<T>::time_of(const RestartProgress& each) {
  const auto fit = static_cast<std::size_t>(each.fit);
  if (each.refitted_from > 0) return refits_s_[fit];
  return is_trial(each) ? moves_s_[fit] : times_.iteration_s;
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
    if (!reason) reason = reason_beside_others(each->progress());
    if (!reason) continue;
    each->finish(*reason);
    RestartProgress ended = each->progress();
    if (*reason == StopReason::joined) ended.result.joined = find_joined(ended);
    setting_.events.info(fmt::format("{}{} iterations, inertia {:.10g}: {}", name_of_restart(ended),
                                     ended.result.iterations, ended.result.inertia, describe(*reason)));
    add_done(ended);
    each.reset();
  }
  std::erase(live_, nullptr);
}

template <class T>
std::optional<StopReason> Fits<T>::reason_beside_others(const RestartProgress& mine) const {
  if (mine.refitted_from > 0) return std::nullopt;
  if (is_trial(mine)) {
    if (find_joined(mine) >= 0) return StopReason::joined;  // what it met came to no less than the best
    const double least = follow_trials(options_of(mine), done_of(mine.fit)).best->result.inertia;
    return is_futile(mine.result, least) ? std::optional(StopReason::futile) : std::nullopt;
  }
  if (is_losing(mine)) return StopReason::losing;
  if (options_of(mine).improve != Improve::off && find_joined(mine) >= 0) return StopReason::joined;
  return std::nullopt;
}

// look(restart, iterations): the restarts before this one and how far they may be looked at, at most as far as this one
// is. They have done as many iterations, or have ended: so what is seen does not depend on which of them run together.
template <class T>
template <class Look>
void Fits<T>::look_at_earlier(const RestartProgress& mine, Look look) const {
  const auto iterations = static_cast<std::size_t>(mine.result.iterations);
  const auto consider = [&](const RestartProgress& other) {
    if (other.fit == mine.fit && other.restart < mine.restart)
      look(other, std::min(iterations, other.result.course.size()));
  };
  for (const RestartProgress& other : done_) consider(other);
  for (const Live& other : live_)
    if (other) consider(other->progress());
}

// Whether a restart before this one was ahead by more than is allowed after as many iterations.
template <class T>
bool Fits<T>::is_losing(const RestartProgress& mine) const {
  const double allowed = options_of(mine).stop_losers;
  if (allowed <= 0 || static_cast<std::size_t>(mine.result.iterations) < losing_from) return false;
  double least = HUGE_VAL;
  look_at_earlier(mine, [&](const RestartProgress& other, std::size_t iterations) {
    if (iterations > 0) least = std::min(least, other.result.course[iterations - 1]);
  });
  return mine.result.inertia > (1 + allowed) * least;
}

// The first restart or trial before this one that has been where it is now; -1: none.
template <class T>
int Fits<T>::find_joined(const RestartProgress& mine) const {
  int first = -1;
  look_at_earlier(mine, [&](const RestartProgress& other, std::size_t iterations) {
    const auto end = other.result.states.begin() + static_cast<std::ptrdiff_t>(iterations);
    const bool is_met = std::find(other.result.states.begin(), end, mine.result.states.back()) != end;
    if (is_met && (first < 0 || other.restart < first)) first = other.restart;
  });
  return first;
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
  all.restarts.insert(all.restarts.end(), waiting_.begin(), waiting_.end());
  std::ranges::sort(all.restarts, {}, [](const RestartProgress& each) { return std::pair(each.fit, each.restart); });
  return all;
}

// A restart is expected to take as many iterations as those before it did.
template <class T>
void Fits<T>::report() const {
  const RestartProgress& first = live_.front()->progress();
  const std::int64_t fitted = std::ranges::count_if(done_, [](const auto& each) { return each.result.iterations > 0; });
  const std::int64_t expected = fitted == 0 ? options_of(first).max_iterations : done_iterations_ / fitted;
  std::int64_t iterations = done_iterations_;
  for (const Live& each : live_) iterations += std::min<std::int64_t>(expected, each->progress().result.iterations);
  const std::int64_t left = std::max(std::ssize(live_), std::ssize(tasks_) - std::ssize(done_));
  const std::int64_t total = done_iterations_ + expected * left;
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
  if (each.refitted_from > 0) return fit + fmt::format("again from {}, ", each.refitted_from);
  if (is_trial(each)) return fit + fmt::format("move {}, ", each.restart - restarts_of(options) + 1);
  if (tasks_.size() == options_.size()) return fit;
  return fit + fmt::format("restart {} of {}, ", each.restart + 1, options.restarts);
}

template <class T>
std::vector<const RestartProgress*> Fits<T>::done_of(int fit) const {
  std::vector<const RestartProgress*> done;
  for (const RestartProgress& each : done_)
    if (each.fit == fit && each.refitted_from == 0) done.push_back(&each);
  std::ranges::sort(done, {}, &RestartProgress::restart);
  return done;
}

// Null where there is none.
template <class T>
const RestartProgress* Fits<T>::refit_of(int fit) const {
  const auto found = std::ranges::find_if(
      done_, [fit](const RestartProgress& each) { return each.fit == fit && each.refitted_from > 0; });
  return found == done_.end() ? nullptr : &*found;
}

template <class T>
std::vector<SegmentsAndInertia> Fits<T>::segments_and_inertias() const {
  std::vector<SegmentsAndInertia> all;
  for (int fit = 0; fit < std::ssize(options_); ++fit)
    all.push_back({options_[static_cast<std::size_t>(fit)].segments, result_of(fit).best().inertia});
  return all;
}

template <class T>
FitResult Fits<T>::result_of(int fit) const {
  const std::vector<const RestartProgress*> done = done_of(fit);
  const Trials trials = follow_trials(options_[static_cast<std::size_t>(fit)], done);
  FitResult result;
  result.customers = setting_.basis.customers;
  result.best_restart = trials.best_restart;
  result.moves = trials.moves;
  const auto add_passes = [&](const RestartResult& each) {
    result.moves_iterations += each.iterations;
    result.moves_unsettled += each.unsettled;
  };
  for (const RestartProgress* each : done) {
    if (is_trial(*each)) {
      add_passes(each->result);
      continue;
    }
    RestartResult& restart = result.restarts.emplace_back(each->result);
    if (restart.joined < 0) continue;
    const RestartResult& met = result.restarts[static_cast<std::size_t>(restart.joined)];
    restart.inertia = met.inertia;
    restart.centroids = met.centroids;
  }
  const RestartProgress* found = trials.best;
  result.iterations = trials.iterations;
  if (const RestartProgress* refit = refit_of(fit)) {
    add_passes(refit->result);
    if (refit->result.inertia < found->result.inertia) {
      found = refit;
      result.iterations = refit->result.iterations;
    }
  }
  result.stop = found->result.stop;
  result.refitted_from = found->refitted_from;
  result.reached =
      count_reached(ended_inertias({done.begin(), done.begin() + std::ssize(result.restarts)}), found->result.inertia);
  RestartResult& best = result.restarts[static_cast<std::size_t>(result.best_restart)];
  best.inertia = found->result.inertia;
  best.centroids = found->result.centroids;
  result.centroids = best.centroids;
  return result;
}

template <class T>
std::vector<FitResult> Fits<T>::results() const {
  std::vector<FitResult> results;
  for (int fit = 0; fit < std::ssize(options_); ++fit) {
    results.push_back(result_of(fit));
    report_end(fit, results.back());
  }
  return results;
}

template <class T>
void Fits<T>::report_end(int number, const FitResult& result) const {
  const auto at = static_cast<std::size_t>(number);
  const std::string fit = options_.size() > 1 ? fmt::format("{} segments: ", options_[at].segments) : "";
  if (result.moves.tried > 0)
    setting_.events.info(
        fmt::format("{}moves on all customers: {} tried, {} accepted, inertia lower by {:.2g} %, {:.1f} s", fit,
                    result.moves.tried, result.moves.accepted, 100 * result.moves.gained, moves_s_[at]));
  if (result.refitted_from > 0)
    setting_.events.info(
        fmt::format("{}fitted again from {} segments, {:.1f} s", fit, result.refitted_from, refits_s_[at]));
  if (result.restarts.size() > 1)
    setting_.events.info(
        fmt::format("{}{} of {} restarts came to the least inertia", fit, result.reached, result.restarts.size()));
}

template class Fits<float>;
template class Fits<double>;

}  // namespace cardseg::cluster
