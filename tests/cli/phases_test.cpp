#include "cardseg/cli/phases.hpp"

#include <gmock/gmock.h>

#include "support/world.hpp"

namespace cardseg::cli {
namespace {

using support::world;
using testing::ElementsAre;

std::vector<std::string> names_of(const Phases& phases) {
  std::vector<std::string> names;
  for (const core::PhaseTime& phase : phases.summary(world())) names.push_back(phase.name);
  return names;
}

}  // namespace

TEST(Phases, FollowOneAnother) {
  Phases phases;
  phases.end();
  phases.begin("load");
  phases.begin("score");
  EXPECT_THAT(names_of(phases), ElementsAre("load"));  // the one at work is not in it
  phases.end();
  phases.end();
  phases.add("seed", 1.5);

  EXPECT_THAT(names_of(phases), ElementsAre("load", "score", "seed"));
}

TEST(Phases, AreSummedUpOverTheRanks) {
  Phases phases;
  phases.add("seed", 1.0 + world().rank());

  const core::PhaseTime seed = phases.summary(world()).at(0);

  EXPECT_EQ(seed.min_s, 1.0);
  EXPECT_EQ(seed.mean_s, (1.0 + world().size()) / 2);
  EXPECT_EQ(seed.max_s, world().size());
}

TEST(Phases, LastFromTheirBeginToTheirEnd) {
  using Clock = std::chrono::steady_clock;
  Phases phases;
  const auto start = Clock::now();
  phases.begin("load");
  while (Clock::now() - start < std::chrono::milliseconds(2)) continue;
  phases.end();
  const double at_most_s = std::chrono::duration<double>(Clock::now() - start).count();

  const core::PhaseTime load = phases.summary(world()).at(0);

  EXPECT_GT(load.min_s, 0.001);
  EXPECT_LE(load.min_s, at_most_s);
}

}  // namespace cardseg::cli
