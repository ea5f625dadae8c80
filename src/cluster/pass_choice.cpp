#include "cluster/pass_choice.hpp"

#include <algorithm>

namespace cardseg::cluster {
namespace {

constexpr std::int64_t sample_every = 16;  // blocks of a plain pass that are measured for bounds
constexpr double calm = 0.05;              // share of customers that move above which an order would not last
constexpr double nearly_calm = 0.15;       // and above which the next pass need not be measured
constexpr double worthwhile = 0.4;  // expected cost of a bounded pass, in plain ones, up to which a new order is made
constexpr int repaid_after = 15;    // passes after which a new order has saved what it cost, about
constexpr int trial = 3;            // bounded passes after which their cost is judged
constexpr int most_restraint = 64;  // passes after which bounds are tried again, at most
constexpr double disorder = 0.7;    // share of needless customers among the compared that asks for a new order
constexpr double many = 0.2;        // share of customers compared below which no new order pays
constexpr int order_lasts = 16;     // passes between two orders, at least

// The cost of a bounded pass in plain ones: looking at the bounds of all tiles; distances, of tiles here and there; and
// a bound for each group of them, which costs about as much as 30 features of one distance. Measured on mixtures and on
// data without clusters, 10 to 100 features.
double bounded_cost(double distance_share, int features, double groups_a_segment) {
  return 0.1 + (1.5 + std::min(2.5, 30.0 / features * groups_a_segment)) * distance_share;
}

}  // namespace

// Ordering needs to know how fast centroids move: not in the first pass.
PassChoice::PassChoice(Algorithm algorithm, const ModelShape& shape)
    : algorithm_(algorithm),
      shape_(shape),
      kind_(algorithm == Algorithm::hamerly || algorithm == Algorithm::yinyang ? PassKind::ordering : PassKind::plain),
      wants_samples_(algorithm == Algorithm::automatic) {}

BlockMode PassChoice::mode_of(std::int64_t block, bool has_moved) const {
  switch (kind_) {
    case PassKind::bounded: return BlockMode::bounded;
    case PassKind::ordering: return has_moved ? BlockMode::ordering : BlockMode::plain;
    case PassKind::plain: break;
  }
  return wants_samples_ && block % sample_every == 0 ? BlockMode::sampled : BlockMode::plain;
}

void PassChoice::end_pass(const PassCounts& counts, const BlockTally& tally, bool has_moved) {
  last_moved_ = counts.moved;
  ++passes_in_order_;
  if (kind_ == PassKind::ordering && has_moved) {
    kind_ = PassKind::bounded;
    passes_in_order_ = 0;
  } else if (kind_ == PassKind::bounded) {
    review_bounds(counts, tally);
  }
}

void PassChoice::review_bounds(const PassCounts& counts, const BlockTally& tally) {
  const auto rows = static_cast<double>(shape_.rows);
  ++passes_bounded_;
  const double cost = cost_of(static_cast<double>(counts.distances) / (rows * shape_.segments));
  if (algorithm_ == Algorithm::automatic && passes_bounded_ > trial && cost > 1.0) {
    kind_ = PassKind::plain;
    restraint_ = std::min(2 * restraint_, most_restraint);
    waiting_ = restraint_;
    return;
  }
  if (passes_in_order_ >= order_lasts && static_cast<double>(tally.compared) > many * rows &&
      static_cast<double>(tally.needless) > disorder * static_cast<double>(tally.compared))
    kind_ = PassKind::ordering;
}

double PassChoice::cost_of(double distance_share) const {
  return bounded_cost(distance_share, shape_.features, static_cast<double>(shape_.groups) / shape_.segments);
}

void PassChoice::weigh_bounds(std::optional<double> open_share, int passes_left) {
  const double moved_share = static_cast<double>(last_moved_) / static_cast<double>(shape_.rows);
  wants_samples_ = algorithm_ == Algorithm::automatic && moved_share < nearly_calm && passes_left > repaid_after;
  if (algorithm_ != Algorithm::automatic || kind_ != PassKind::plain || !open_share) return;
  if (*open_share == 0) return;  // where nobody is in doubt the next pass is the last one
  // Of a customer in doubt few segments are in doubt, six where tiles are as mixed as they were found to be.
  const double share = *open_share * std::min(1.0, 6.0 / shape_.segments);
  const bool is_calm = moved_share < calm || *open_share < calm;  // customers that are not in doubt do not move
  if (!is_calm || passes_left < repaid_after || cost_of(share) > worthwhile || waiting_-- > 0) return;
  kind_ = PassKind::ordering;
  passes_bounded_ = 0;
}

}  // namespace cardseg::cluster
