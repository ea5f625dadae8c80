#include "cardseg/cluster/assigner.hpp"

#include <omp.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "cardseg/cluster/screen.hpp"
#include "cluster/block_pass.hpp"
#include "cluster/customer_order.hpp"
#include "cluster/movement.hpp"
#include "cluster/neighbours.hpp"
#include "cluster/tile_bounds.hpp"

namespace cardseg::cluster {
namespace {

using portfolio::FeatureMatrix;

constexpr std::int64_t tile_rows = 16;
constexpr std::int32_t no_segment = -2;    // of nobody yet; the screen says -1 where it cannot tell
constexpr std::int64_t sample_every = 16;  // blocks of a plain pass that are measured for bounds
constexpr float foresight = 3.0f;          // movements, as large as the last, for which bounds should last
constexpr double worthwhile = 0.5;         // share of customers in doubt by then above which bounds do not pay
constexpr double hopeless = 0.85;          // share of distances above which bounds are dropped
constexpr int most_restraint = 64;         // passes after which bounds are tried again, at most
constexpr double disorder = 0.5;           // share of needless customers among the compared that asks for a new order
constexpr double unsettled_limit = 0.02;   // share of unsettled customers above which differences are screened

}  // namespace

template <class T>
struct Assigner<T>::State {
  State(FeatureMatrix<T>& its_matrix, const SumGrids& its_grids, int its_segments, Algorithm its_algorithm)
      : matrix(its_matrix),
        grids(its_grids),
        segments(its_segments),
        algorithm(matrix.is_streamed() && its_algorithm == Algorithm::automatic ? Algorithm::plain : its_algorithm),
        order(matrix.tiles(), static_cast<std::int64_t>(sizeof(T)) * matrix.features(), omp_get_max_threads()),
        labels(static_cast<std::size_t>(matrix.tiles() * tile_rows), no_segment),
        movement(segments),
        is_bounded(algorithm == Algorithm::hamerly || algorithm == Algorithm::exponion) {}

  Neighbours find_neighbours(const Centroids& centroids) const {
    // The lists must be worth their making: k^2 d against k d for every customer.
    const bool has_lists = is_bounded && algorithm != Algorithm::hamerly && segments * std::int64_t{4} <= matrix.rows();
    return has_lists && bounds ? Neighbours(centroids) : Neighbours(segments);
  }

  BlockMode mode_of(std::int64_t b) const {
    if (is_bounded) return wants_order ? BlockMode::bounded_ordering : BlockMode::bounded;
    return algorithm == Algorithm::automatic && b % sample_every == 0 ? BlockMode::sampled : BlockMode::plain;
  }

  void begin_pass() {
    if (!is_bounded) return;
    if (!bounds) bounds.emplace(matrix.tiles());
    if (wants_order) order.begin();
  }

  void end_pass(const PassCounts& counts, const BlockTally& tally) {
    const auto rows = static_cast<double>(matrix.rows());
    if (form == ScreenForm::products && sizeof(T) == sizeof(float) &&
        static_cast<double>(counts.unsettled) > unsettled_limit * rows)
      form = ScreenForm::differences;
    if (is_bounded) {
      wants_order = static_cast<double>(tally.needless) > disorder * static_cast<double>(tally.compared);
      if (algorithm == Algorithm::automatic &&
          static_cast<double>(counts.distances) > hopeless * rows * static_cast<double>(segments) &&
          passes_bounded++ > 1)
        drop_bounds();
    }
  }

  void drop_bounds() {
    bounds.reset();
    is_bounded = false;
    restraint = std::min(2 * restraint, most_restraint);
    waiting = restraint;
  }

  // Takes up bounds where few of the sampled customers would be in doubt soon.
  void weigh_bounds() {
    if (is_bounded || samples.empty()) return;
    const auto open = std::ranges::count_if(
        samples, [&](const Sample& sample) { return sample.slack <= foresight * movement.last_loss(sample.segment); });
    const bool pays = static_cast<double>(open) < worthwhile * static_cast<double>(samples.size());
    samples.clear();
    if (!pays || waiting-- > 0) return;
    is_bounded = true;
    wants_order = true;
    passes_bounded = 0;
  }

  FeatureMatrix<T>& matrix;
  const SumGrids& grids;
  int segments;
  Algorithm algorithm;
  CustomerOrder order;
  std::vector<std::int32_t> labels;
  Movement movement;
  std::optional<TileBounds> bounds;  // none: nothing is known
  ScreenForm form = ScreenForm::products;
  bool is_bounded;
  bool wants_order = true;
  int passes_bounded = 0;
  int restraint = 1;
  int waiting = 0;
  std::vector<Sample> samples;
};

template <class T>
Assigner<T>::Assigner(FeatureMatrix<T>& matrix, const SumGrids& grids, int segments, Algorithm algorithm)
    : state_(std::make_unique<State>(matrix, grids, segments, algorithm)) {}

template <class T>
Assigner<T>::~Assigner() {
  in_row_order();
}

template <class T>
PassCounts Assigner<T>::pass(const Centroids& centroids, SegmentSums& local_sums) {
  State& s = *state_;
  const Neighbours neighbours = s.find_neighbours(centroids);
  s.begin_pass();
  const PassInputs<T> inputs{s.matrix, centroids,  make_screen(centroids, s.form),  neighbours,
                             s.grids,  s.movement, s.bounds ? &*s.bounds : nullptr, s.order,
                             s.labels};
  PassCounts counts;
  BlockTally tally;
#pragma omp parallel
  {
    BlockPass<T> worker(inputs);
    // Without bounds all blocks cost the same, and a thread works on the memory that it touched first.
    if (s.is_bounded) {
#pragma omp for schedule(dynamic, 1) nowait
      for (std::int64_t b = 0; b < s.order.blocks(); ++b) worker.work(b, s.mode_of(b));
    } else {
#pragma omp for schedule(static) nowait
      for (std::int64_t b = 0; b < s.order.blocks(); ++b) worker.work(b, s.mode_of(b));
    }
    worker.decide_pending();
#pragma omp critical(cardseg_moves)
    {
      worker.empty_into(local_sums, counts, tally);
      worker.give_samples(s.samples);
    }
  }
  s.end_pass(counts, tally);
  return counts;
}

template <class T>
void Assigner<T>::moved(const Centroids& before, const Centroids& after) {
  state_->movement.advance(before, after);
  state_->weigh_bounds();
}

template <class T>
void Assigner<T>::in_row_order() {
  State& s = *state_;
  s.order.restore(s.matrix, s.labels);
  s.bounds.reset();
  s.wants_order = true;
}

template <class T>
const std::vector<std::int32_t>& Assigner<T>::labels() const {
  return state_->labels;
}

template <class T>
void Assigner<T>::relabel(std::int64_t local_row, int segment) {
  state_->labels[static_cast<std::size_t>(local_row)] = segment;
}

template class Assigner<float>;
template class Assigner<double>;

}  // namespace cardseg::cluster
