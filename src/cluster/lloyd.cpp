#include "cluster/lloyd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cluster/refill.hpp"
#include "cluster/state_key.hpp"

namespace cardseg::cluster {

template <class T>
Lloyd<T>::Lloyd(const FitSetting<T>& setting, const FitOptions& options, RestartProgress begun, bool shares_passes)
    : setting_(setting),
      options_(options),
      progress_(std::move(begun)),
      is_repeating_(progress_.result.iterations > 0),
      centroids_(progress_.result.centroids),
      assigner_(setting.matrix, setting.basis.grids, centroids_.segments, options.algorithm, shares_passes),
      local_sums_(centroids_.segments, centroids_.features) {}

template <class T>
void Lloyd<T>::check_repeated(const SegmentSums& sums) const {
  if (sums.sums == progress_.sums->sums && sums.customers == progress_.sums->customers) return;
  throw comm::AgreedError(
      core::Error(core::ExitCode::bad_data, "the customers' features differ from those of the checkpoint")
          .remedy("Give the same shards and description, or use " + core::field("restart-from-scratch")));
}

template <class T>
void Lloyd<T>::finish_iteration(const ModelPass& passed) {
  SegmentSums global_sums = passed.sums;
  last_ = passed.counts;
  const int refilled = refill_empty(setting_, centroids_, assigner_, local_sums_, global_sums);
  last_.moved += refilled;
  const Centroids compared = centroids_;
  update_centroids(setting_.basis.grids, global_sums, centroids_);
  if (std::exchange(is_repeating_, false))
    check_repeated(global_sums);
  else
    record(compared, std::move(global_sums), refilled);
  assigner_.moved(compared, centroids_, options_.max_iterations - progress_.result.iterations);
}

template <class T>
void Lloyd<T>::record(const Centroids& compared, SegmentSums global_sums, int refilled) {
  RestartResult& result = progress_.result;
  ++result.iterations;
  result.refilled += refilled;
  result.unsettled += last_.unsettled;
  result.distances += last_.distances;
  result.centroids = compared;
  result.inertia = compute_inertia(setting_.basis.scatter, global_sums.masses(), centroids_);
  result.course.push_back(result.inertia);
  result.states.push_back(state_key(global_sums));
  progress_.sums = std::move(global_sums);
  stop_ = find_reason_to_stop();
}

template <class T>
std::optional<StopReason> Lloyd<T>::find_reason_to_stop() const {
  const RestartResult& result = progress_.result;
  if (last_.moved == 0) return StopReason::fixed_point;
  if (std::find(result.states.begin(), result.states.end() - 1, result.states.back()) != result.states.end() - 1)
    return StopReason::repeated;
  if (options_.tolerance > 0 && result.iterations > 1) {
    const double before = result.course[result.course.size() - 2];
    if (before - result.inertia <= options_.tolerance * before) return StopReason::tolerance;
  }
  if (result.iterations == options_.max_iterations) return StopReason::max_iterations;
  return std::nullopt;
}

template <class T>
void Lloyd<T>::finish(StopReason reason) {
  comm::agree(setting_.comm, [&] { assigner_.in_row_order(); });
  progress_.result.stop = reason;
  progress_.result.centroids = sorted_by_size(centroids_, progress_.sums->customers);
  progress_.sums.reset();
  progress_.is_finished = true;
}

template <class T>
std::string Lloyd<T>::text() const {
  const double possible = static_cast<double>(setting_.basis.customers) * centroids_.segments;
  return fmt::format("iteration {}, inertia {:.8g}, moved {}, distances {:.3g}%", progress_.result.iterations,
                     progress_.result.inertia, last_.moved,
                     std::min(100.0, 100 * static_cast<double>(last_.distances) / possible));
}

template class Lloyd<float>;
template class Lloyd<double>;

}  // namespace cardseg::cluster
