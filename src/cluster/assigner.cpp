#include "cardseg/cluster/assigner.hpp"

#include <omp.h>

#include <algorithm>
#include <optional>

#include "cardseg/cluster/screen.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "cluster/block_pass.hpp"
#include "cluster/customer_order.hpp"
#include "cluster/movement.hpp"
#include "cluster/pass_choice.hpp"
#include "cluster/tile_bounds.hpp"

namespace cardseg::cluster {
namespace {

using portfolio::FeatureMatrix;
using portfolio::tile_rows;

constexpr std::int32_t no_segment = -2;   // of nobody yet; the screen says -1 where it cannot tell
constexpr int most_groups = 16;           // of centroids; bounds take 4 bytes each for 16 customers
constexpr double unsettled_limit = 0.02;  // share of unsettled customers above which differences are screened

// Bounds of one model are lost where others share the passes, and cost more than they save where features are streamed.
Algorithm usable(Algorithm algorithm, bool shares_passes, bool is_streamed) {
  return shares_passes || (is_streamed && algorithm == Algorithm::automatic) ? Algorithm::plain : algorithm;
}

int groups_for(Algorithm algorithm, int segments) {
  return algorithm == Algorithm::hamerly ? 1 : std::min(segments, most_groups);
}

}  // namespace

template <class T>
struct Assigner<T>::State {
  State(FeatureMatrix<T>& its_matrix, const SumGrids& its_grids, int segments, Algorithm algorithm, bool shares_passes)
      : matrix(its_matrix),
        grids(its_grids),
        order(matrix.tiles(), static_cast<std::int64_t>(sizeof(T)) * matrix.features(), shares_passes ? 1 : segments,
              omp_get_max_threads()),
        labels(static_cast<std::size_t>(matrix.tiles() * tile_rows), no_segment),
        movement(segments, groups_for(algorithm, segments)),
        choice(algorithm, {matrix.rows(), matrix.features(), segments, movement.groups()}) {}

  bool has_moved() const { return movement.last_loss(-1) > 0; }

  void begin_pass() {
    if (choice.kind() == PassKind::ordering) order.begin();
    if (choice.kind() == PassKind::bounded && !bounds) bounds.emplace(matrix.tiles(), movement.groups());
  }

  void end_pass(const PassCounts& counts, const BlockTally& tally) {
    if (form == ScreenForm::products && sizeof(T) == sizeof(float) &&
        static_cast<double>(counts.unsettled) > unsettled_limit * static_cast<double>(matrix.rows()))
      form = ScreenForm::differences;
    choice.end_pass(counts, tally, has_moved());
    if (choice.kind() == PassKind::plain) bounds.reset();
  }

  // Of the sampled customers, those that the movement since leaves in doubt; none where there is no sample.
  std::optional<double> open_share() const {
    if (samples.empty()) return std::nullopt;
    const auto open = std::ranges::count_if(
        samples, [&](const Sample& sample) { return sample.slack <= movement.last_loss(sample.segment); });
    return static_cast<double>(open) / static_cast<double>(samples.size());
  }

  void advance(const Centroids& before, const Centroids& after, int passes_left) {
    movement.advance(before, after);
    choice.weigh_bounds(open_share(), passes_left);
    samples.clear();
  }

  FeatureMatrix<T>& matrix;
  const SumGrids& grids;
  CustomerOrder order;
  std::vector<std::int32_t> labels;
  Movement movement;
  std::optional<TileBounds> bounds;  // none: nothing is known
  ScreenForm form = ScreenForm::products;
  PassChoice choice;
  std::vector<Sample> samples;
};

// The passes of some models over one matrix.
template <class T>
class Passes {
 public:
  explicit Passes(std::span<const AssignerPass<T>> models)
      : models_(models), counts_(models.size()), tallies_(models.size()) {
    inputs_.reserve(models.size());
    for (const AssignerPass<T>& model : models) {
      auto& s = state_of(model);
      s.begin_pass();
      inputs_.push_back({s.matrix, *model.centroids, make_screen(*model.centroids, s.form), s.grids, s.movement,
                         s.bounds ? &*s.bounds : nullptr, s.order, s.labels, inputs_.empty()});
    }
  }

  std::vector<PassCounts> run() {
    core::ThreadFailure failure;
#pragma omp parallel
    {
      std::vector<BlockPass<T>> workers;
      failure.guard([&] {
        workers.reserve(models_.size());
        for (const PassInputs<T>& inputs : inputs_) workers.emplace_back(inputs);
      });
      // Without bounds all blocks cost the same, and a thread works on the memory that it touched first.
      if (state_of(models_[0]).choice.kind() != PassKind::plain) {
#pragma omp for schedule(dynamic, 1) nowait
        for (std::int64_t b = 0; b < blocks(); ++b) failure.guard([&] { work(b, workers); });
      } else {
#pragma omp for schedule(static) nowait
        for (std::int64_t b = 0; b < blocks(); ++b) failure.guard([&] { work(b, workers); });
      }
      failure.guard([&] {
        for (BlockPass<T>& worker : workers) worker.decide_pending();
      });
#pragma omp critical(cardseg_moves)
      failure.guard([&] {
        for (std::size_t m = 0; m < workers.size(); ++m) {
          workers[m].empty_into(*models_[m].local_sums, counts_[m], tallies_[m]);
          workers[m].give_samples(state_of(models_[m]).samples);
        }
      });
    }
    failure.rethrow();
    for (std::size_t m = 0; m < models_.size(); ++m) state_of(models_[m]).end_pass(counts_[m], tallies_[m]);
    return counts_;
  }

 private:
  static auto& state_of(const AssignerPass<T>& model) { return *model.assigner->state_; }
  const CustomerOrder& order() const { return inputs_[0].order; }
  std::int64_t blocks() const { return order().blocks(); }

  void work(std::int64_t b, std::vector<BlockPass<T>>& workers) const {
    const auto& first = state_of(models_[0]);
    if (workers.size() > 1)
      BlockPass<T>::work_together(b, workers);
    else
      workers[0].work(b, first.choice.mode_of(b, first.has_moved()));
    inputs_[0].matrix.release(order().first_tile(b), order().end_tile(b));
  }

  std::span<const AssignerPass<T>> models_;
  std::vector<PassInputs<T>> inputs_;
  std::vector<PassCounts> counts_;
  std::vector<BlockTally> tallies_;
};

template <class T>
std::vector<PassCounts> pass_together(std::span<const AssignerPass<T>> models) {
  return Passes<T>(models).run();
}

template std::vector<PassCounts> pass_together<float>(std::span<const AssignerPass<float>>);
template std::vector<PassCounts> pass_together<double>(std::span<const AssignerPass<double>>);

template <class T>
Assigner<T>::Assigner(FeatureMatrix<T>& matrix, const SumGrids& grids, int segments, Algorithm algorithm,
                      bool shares_passes)
    : state_(std::make_unique<State>(matrix, grids, segments, usable(algorithm, shares_passes, matrix.is_streamed()),
                                     shares_passes)) {}

template <class T>
Assigner<T>::~Assigner() {
  in_row_order();
}

template <class T>
PassCounts Assigner<T>::pass(const Centroids& centroids, SegmentSums& local_sums) {
  const AssignerPass<T> alone{this, &centroids, &local_sums};
  return pass_together<T>({&alone, 1}).front();
}

template <class T>
void Assigner<T>::moved(const Centroids& before, const Centroids& after, int passes_left) {
  state_->advance(before, after, passes_left);
}

template <class T>
void Assigner<T>::in_row_order() {
  State& s = *state_;
  s.order.restore(s.matrix, s.labels);
  s.bounds.reset();
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
