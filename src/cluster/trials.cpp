#include "cluster/trials.hpp"

#include <algorithm>

namespace cardseg::cluster {
namespace {

constexpr Move moves[] = {{true, 0}, {false, 3}, {false, 2}, {false, 1}};  // the next where a trial gained nothing
constexpr int most_trials = 20;
constexpr double same_inertia = 1e-6;   // share within which restarts agree: trials would find nothing
constexpr double about_least = 1e-4;    // share within which a restart came to the least inertia
constexpr double least_gain = 1e-9;     // share of the inertia; less is rounding
constexpr std::size_t futile_from = 3;  // iterations
constexpr double patience = 10;         // falls like the last one

// How many are above `least` by no more than that share.
int count_within(const std::vector<double>& inertias, double share, double least) {
  return static_cast<int>(
      std::ranges::count_if(inertias, [most = (1 + share) * least](double each) { return each <= most; }));
}

}  // namespace

int restarts_of(const FitOptions& options) {
  return is_by_chance(options.seeding) && options.segments > 1 ? options.restarts : 1;
}

std::vector<double> ended_inertias(const std::vector<const RestartProgress*>& restarts) {
  std::vector<double> inertias;
  for (const RestartProgress* each : restarts) {
    const int joined = each->result.joined;
    inertias.push_back(joined < 0 ? each->result.inertia : inertias[static_cast<std::size_t>(joined)]);
  }
  return inertias;
}

Trials follow_trials(const FitOptions& options, const std::vector<const RestartProgress*>& done) {
  const auto first_trial = done.begin() + restarts_of(options);
  const std::vector<double> ended = ended_inertias({done.begin(), first_trial});
  Trials trials;
  trials.best_restart = static_cast<int>(std::ranges::min_element(ended) - ended.begin());
  trials.best = done[static_cast<std::size_t>(trials.best_restart)];
  trials.iterations = trials.best->result.iterations;
  trials.is_agreed = 2 * count_within(ended, same_inertia, trials.best->result.inertia) > restarts_of(options);
  for (auto trial = first_trial; trial != done.end(); ++trial) {
    const RestartProgress* each = *trial;
    const double inertia = each->result.inertia;
    ++trials.moves.tried;
    const double least = trials.best->result.inertia;
    if (inertia >= (1 - least_gain) * least) continue;
    ++trials.moves.accepted;
    trials.moves.gained = 1 - (1 - trials.moves.gained) * (inertia / least);
    trials.iterations += each->result.iterations;
    trials.best = each;
  }
  return trials;
}

std::optional<Move> next_move(const FitOptions& options, const Trials& trials) {
  if (options.improve != Improve::full || !is_by_chance(options.seeding) || options.segments < 2) return std::nullopt;
  const auto failed = static_cast<std::size_t>(trials.moves.tried - trials.moves.accepted);
  if (failed >= std::size(moves) || trials.moves.tried >= most_trials) return std::nullopt;
  if (trials.best->result.inertia <= 0) return std::nullopt;
  if (restarts_of(options) > 1 && trials.is_agreed) return std::nullopt;
  Move move = moves[failed];
  move.width = std::min(move.width, options.segments - 1);
  return move;
}

int count_reached(const std::vector<double>& ended, double least) { return count_within(ended, about_least, least); }

bool is_futile(const RestartResult& trial, double least) {
  const std::size_t iterations = trial.course.size();
  if (iterations < futile_from || trial.inertia < least) return false;
  const double last_fall = trial.course[iterations - 2] - trial.course[iterations - 1];
  return trial.inertia - least > patience * last_fall;
}

}  // namespace cardseg::cluster
