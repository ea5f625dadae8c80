#include "cardseg/cluster/assigner.hpp"

#include <omp.h>

#include <algorithm>
#include <optional>

#include "cardseg/cluster/screen.hpp"
#include "cluster/block_pass.hpp"
#include "cluster/customer_order.hpp"
#include "cluster/movement.hpp"
#include "cluster/tile_bounds.hpp"

namespace cardseg::cluster {
namespace {

using portfolio::FeatureMatrix;
using portfolio::tile_rows;

constexpr std::int32_t no_segment = -2;    // of nobody yet; the screen says -1 where it cannot tell
constexpr std::int64_t sample_every = 16;  // blocks of a plain pass that are measured for bounds
constexpr int most_groups = 16;            // of centroids; bounds take 4 bytes each for 16 customers
constexpr double calm = 0.05;              // share of customers that move above which an order would not last
constexpr double nearly_calm = 0.15;       // and above which the next pass need not be measured
constexpr double worthwhile = 0.4;  // expected cost of a bounded pass, in plain ones, up to which a new order is made
constexpr int repaid_after = 15;    // passes after which a new order has saved what it cost, about
constexpr int trial = 3;            // bounded passes after which their cost is judged
constexpr int most_restraint = 64;  // passes after which bounds are tried again, at most
constexpr double disorder = 0.7;    // share of needless customers among the compared that asks for a new order
constexpr double many = 0.2;        // share of customers compared below which no new order pays
constexpr int order_lasts = 16;     // passes between two orders, at least
constexpr double unsettled_limit = 0.02;  // share of unsettled customers above which differences are screened

// The cost of a bounded pass in plain ones: looking at the bounds of all tiles; distances, of tiles here and there; and a bound
// for each group of them, which costs about as much as 30 features of one distance. Measured on mixtures and on data without
// clusters, 10 to 100 features.
double bounded_cost(double distance_share, int features, double groups_a_segment) {
  return 0.1 + (1.5 + std::min(2.5, 30.0 / features * groups_a_segment)) * distance_share;
}

int groups_for(Algorithm algorithm, int segments) {
  return algorithm == Algorithm::hamerly ? 1 : std::min(segments, most_groups);
}

}  // namespace

template <class T>
struct Assigner<T>::State {
  State(FeatureMatrix<T>& its_matrix, const SumGrids& its_grids, int its_segments, Algorithm its_algorithm,
        bool shares_passes)
      : matrix(its_matrix),
        grids(its_grids),
        segments(its_segments),
        algorithm(shares_passes || (matrix.is_streamed() && its_algorithm == Algorithm::automatic) ? Algorithm::plain
                                                                                                   : its_algorithm),
        order(matrix.tiles(), static_cast<std::int64_t>(sizeof(T)) * matrix.features(), shares_passes ? 1 : segments,
              omp_get_max_threads()),
        labels(static_cast<std::size_t>(matrix.tiles() * tile_rows), no_segment),
        movement(segments, groups_for(algorithm, segments)),
        step(algorithm == Algorithm::hamerly || algorithm == Algorithm::yinyang ? Step::ordering : Step::plain),
        wants_samples(algorithm == Algorithm::automatic) {}

  // What the next pass is. Ordering needs to know how fast centroids move: not in the first pass.
  enum class Step { plain, ordering, bounded };

  BlockMode mode_of(std::int64_t b) const {
    switch (step) {
      case Step::bounded: return BlockMode::bounded;
      case Step::ordering: return movement.last_loss(-1) > 0 ? BlockMode::ordering : BlockMode::plain;
      case Step::plain: break;
    }
    return wants_samples && b % sample_every == 0 ? BlockMode::sampled : BlockMode::plain;
  }

  void begin_pass() {
    if (step == Step::ordering) order.begin();
    if (step == Step::bounded && !bounds) bounds.emplace(matrix.tiles(), movement.groups());
  }

  void end_pass(const PassCounts& counts, const BlockTally& tally) {
    const auto rows = static_cast<double>(matrix.rows());
    if (form == ScreenForm::products && sizeof(T) == sizeof(float) &&
        static_cast<double>(counts.unsettled) > unsettled_limit * rows)
      form = ScreenForm::differences;
    last_moved = counts.moved;
    ++passes_in_order;
    if (step == Step::ordering && movement.last_loss(-1) > 0) {
      step = Step::bounded;
      passes_in_order = 0;
    } else if (step == Step::bounded) {
      review_bounds(counts, tally);
    }
  }

  void review_bounds(const PassCounts& counts, const BlockTally& tally) {
    const auto rows = static_cast<double>(matrix.rows());
    ++passes_bounded;
    const double cost = cost_of(static_cast<double>(counts.distances) / (rows * segments));
    if (algorithm == Algorithm::automatic && passes_bounded > trial && cost > 1.0) return drop_bounds();
    if (passes_in_order >= order_lasts && static_cast<double>(tally.compared) > many * rows &&
        static_cast<double>(tally.needless) > disorder * static_cast<double>(tally.compared))
      step = Step::ordering;
  }

  double cost_of(double distance_share) const {
    return bounded_cost(distance_share, matrix.features(), static_cast<double>(movement.groups()) / segments);
  }

  void drop_bounds() {
    bounds.reset();
    step = Step::plain;
    restraint = std::min(2 * restraint, most_restraint);
    waiting = restraint;
  }

  // Takes up bounds where the sampled customers tell that they will pay.
  void weigh_bounds(int passes_left) {
    const double moved_share = static_cast<double>(last_moved) / static_cast<double>(matrix.rows());
    wants_samples = algorithm == Algorithm::automatic && moved_share < nearly_calm && passes_left > repaid_after;
    if (step != Step::plain || samples.empty()) return;
    const auto open = std::ranges::count_if(
        samples, [&](const Sample& sample) { return sample.slack <= movement.last_loss(sample.segment); });
    const double open_share = static_cast<double>(open) / static_cast<double>(samples.size());
    samples.clear();
    // Of a customer in doubt few segments are in doubt, six where tiles are as mixed as they were found to be.
    const double share = open_share * std::min(1.0, 6.0 / segments);
    const bool is_calm = moved_share < calm || open_share < calm;  // who is not in doubt does not move
    if (!is_calm || passes_left < repaid_after || cost_of(share) > worthwhile || waiting-- > 0) return;
    step = Step::ordering;
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
  Step step;
  std::int64_t last_moved = 0;
  int passes_in_order = 0;
  int passes_bounded = 0;
  int restraint = 2;
  int waiting = 0;
  bool wants_samples;  // of the next pass
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
#pragma omp parallel
    {
      std::vector<BlockPass<T>> workers;
      workers.reserve(models_.size());
      for (const PassInputs<T>& inputs : inputs_) workers.emplace_back(inputs);
      // Without bounds all blocks cost the same, and a thread works on the memory that it touched first.
      if (state_of(models_[0]).step != Assigner<T>::State::Step::plain) {
#pragma omp for schedule(dynamic, 1) nowait
        for (std::int64_t b = 0; b < blocks(); ++b) work(b, workers);
      } else {
#pragma omp for schedule(static) nowait
        for (std::int64_t b = 0; b < blocks(); ++b) work(b, workers);
      }
      for (BlockPass<T>& worker : workers) worker.decide_pending();
#pragma omp critical(cardseg_moves)
      for (std::size_t m = 0; m < workers.size(); ++m) {
        workers[m].empty_into(*models_[m].local_sums, counts_[m], tallies_[m]);
        workers[m].give_samples(state_of(models_[m]).samples);
      }
    }
    for (std::size_t m = 0; m < models_.size(); ++m) state_of(models_[m]).end_pass(counts_[m], tallies_[m]);
    return counts_;
  }

 private:
  static auto& state_of(const AssignerPass<T>& model) { return *model.assigner->state_; }
  const CustomerOrder& order() const { return inputs_[0].order; }
  std::int64_t blocks() const { return order().blocks(); }

  void work(std::int64_t b, std::vector<BlockPass<T>>& workers) const {
    if (workers.size() > 1)
      BlockPass<T>::work_together(b, workers);
    else
      workers[0].work(b, state_of(models_[0]).mode_of(b));
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
    : state_(std::make_unique<State>(matrix, grids, segments, algorithm, shares_passes)) {}

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
  state_->movement.advance(before, after);
  state_->weigh_bounds(passes_left);
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
