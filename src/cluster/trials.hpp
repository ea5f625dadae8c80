// What follows the restarts of a fit: trials, each a move of centroids from the best result so far (breathing.hpp) that
// is fitted on all customers, one after another. Their order and number follow from what is done already, so a
// checkpoint needs no more than that.
#pragma once

#include <optional>
#include <vector>

#include "cardseg/cluster/fit_progress.hpp"
#include "cardseg/cluster/options.hpp"

namespace cardseg::cluster {

/// Pure. How many restarts a fit has.
int restarts_of(const FitOptions& options);

/// Where a fit's trials stand.
struct Trials {
  const RestartProgress* best = nullptr;  ///< restart or trial with the least inertia, the earliest of equals
  int best_restart = 0;                   ///< the restart that it comes from
  bool is_agreed = false;                 ///< all restarts came to one inertia, within a share of 1e-6
  int iterations = 0;                     ///< passes from that restart's seeds to `best`
  MoveTally moves;
};

/// Pure. `done`: finished restarts, all of the fit's, and finished trials of a fit, by number; they outlive the answer.
Trials follow_trials(const FitOptions& options, const std::vector<const RestartProgress*>& done);

/// How a trial moves centroids.
struct Move {
  bool is_split = false;  ///< by splits, as many as pay
  int width = 0;          ///< by draws: so many
};

/// Pure. The next trial; none where there is to be no other: trials are for restarts that do not all come to the same
/// inertia, or where there is one alone. Splits come first, then draws; each that gains nothing makes the next
/// narrower.
std::optional<Move> next_move(const FitOptions& options, const Trials& trials);

/// Pure. The inertia that each of these restarts, by number, came to; one that joined another that of the other.
std::vector<double> ended_inertias(const std::vector<const RestartProgress*>& restarts);

/// Pure. How many of these inertias are within a share of 1e-4 of `least`.
int count_reached(const std::vector<double>& ended, double least);

/// Pure. Whether a trial at work will hardly fall below `least` any more.
bool is_futile(const RestartResult& trial, double least);

}  // namespace cardseg::cluster
