#include "cardseg/cluster/options.hpp"

#include "cardseg/core/field.hpp"

namespace cardseg::cluster {

bool is_by_chance(Seeding seeding) {
  switch (seeding) {
    case Seeding::refined:
    case Seeding::plusplus:
    case Seeding::parallel:
    case Seeding::greedy:
    case Seeding::random: return true;
    case Seeding::first:
    case Seeding::file: return false;
  }
  return false;
}

core::OptionTable describe(FitOptions& o) {
  using core::field;
  using core::Shapes;
  return {
      "Fit",
      {core::number(o.segments, {1, 10000}, {"segments,k", "K", Shapes::result, "number of segments"}),
       core::choice(o.seeding, seeding_names,
                    {"seeding", "HOW", Shapes::result,
                     "first centroids: refined (greedy k-means++, iterations and moves on a sample, or on all of few "
                     "customers), k-means++, 'k-means||' (few passes, for many segments), greedy (better, slower), "
                     "random, first (the first K rows) or file (see " +
                         field("centroids") + ")"}),
       core::choice(
           o.improve, improve_names,
           {"improve", "WHERE", Shapes::result,
            "where centroids move between segments if that lowers the inertia: off, sample (while refined seeds "
            "are found) or full (also behind the best restart, on all customers)"}),
       core::text(o.centroids, {"centroids", "FILE", Shapes::by_file,
                                "first centroids for " + field("seeding") +
                                    " file: the model.json of a run, or a table like its centroids.csv"}),
       core::number(o.seeding_rounds, {1, 100},
                    {"seeding-rounds", "N", Shapes::result,
                     "rounds of " + field("seeding") + " 'k-means||': a pass over the customers each"}),
       core::number(o.seeding_sample, {1, 1'000'000'000},
                    {"seeding-sample", "N", Shapes::result,
                     "customers of the sample of " + field("seeding") + " refined, and at least 256 a segment"}),
       core::number(
           o.restarts, {1, 10000},
           {"restarts", "N", Shapes::result, "fits from different seeds; the one with the least inertia is kept"}),
       core::number(o.max_iterations, {1, 1000000},
                    {"max-iterations", "N", Shapes::result, "iterations after which a fit stops"}),
       core::number(o.tolerance, {0, 1},
                    {"tolerance", "SHARE", Shapes::result,
                     "stop when the inertia falls by less than this share; 0: when no customer changes segment"}),
       core::choice(o.algorithm, algorithm_names,
                    {"algorithm", "HOW", Shapes::nothing,
                     "which comparisons a pass may skip: auto, plain (none), hamerly or yinyang; the results are the "
                     "same bytes"}),
       core::number(o.stop_losers, {0, 100},
                    {"stop-losers", "SHARE", Shapes::result,
                     "give up a restart if its inertia, after five iterations or more, exceeds by this share that of "
                     "an earlier restart after as many; 0: never"}),
       core::number(
           o.together, {0, 64},
           {"together", "N", Shapes::nothing,
            "number of restarts that share each pass over the customers; results do not depend on it; 0: one if "
            "features are in memory (each skips what it can), as many as memory allows if they are streamed"}),
       core::number(o.seed, {"seed", "N", Shapes::result, "the same seed gives the same segments"})}};
}

void validate(const FitOptions& options) {
  FitOptions checked = options;
  core::validate(describe(checked));
}

}  // namespace cardseg::cluster
