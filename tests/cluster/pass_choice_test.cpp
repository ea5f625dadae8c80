#include "cluster/pass_choice.hpp"

#include <gtest/gtest.h>

namespace cardseg::cluster {
namespace {

constexpr std::int64_t rows = 100'000;
constexpr ModelShape shape{rows, 20, 10, 10};

// A pass in which so many customers moved and such a share of all distances was computed.
PassCounts pass(std::int64_t moved, double distance_share = 1.0) {
  PassCounts counts;
  counts.moved = moved;
  counts.distances = static_cast<std::int64_t>(distance_share * rows * shape.segments);
  return counts;
}

void end(PassChoice& choice, const PassCounts& counts) { choice.end_pass(counts, {}, true); }

// Few customers move, and bounds would leave few of them in doubt.
PassChoice with_bounds() {
  PassChoice choice(Algorithm::automatic, shape);
  end(choice, pass(100));
  choice.weigh_bounds(0.01, 100);
  end(choice, pass(100));
  return choice;
}

TEST(PassChoice, IsAlwaysPlainWherePlainIsAskedFor) {
  PassChoice choice(Algorithm::plain, shape);
  end(choice, pass(0));
  choice.weigh_bounds(0.0, 1000);

  EXPECT_EQ(choice.kind(), PassKind::plain);
  EXPECT_EQ(choice.mode_of(0, true), BlockMode::plain);
}

TEST(PassChoice, MeasuresSomeBlocksWhileItIsPlain) {
  const PassChoice choice(Algorithm::automatic, shape);

  EXPECT_EQ(choice.mode_of(0, false), BlockMode::sampled);
  EXPECT_EQ(choice.mode_of(1, false), BlockMode::plain);
}

TEST(PassChoice, OrdersCustomersOnlyWhenCentroidsHaveMoved) {
  PassChoice choice(Algorithm::yinyang, shape);

  EXPECT_EQ(choice.mode_of(0, false), BlockMode::plain);
  choice.end_pass(pass(rows), {}, false);
  EXPECT_EQ(choice.kind(), PassKind::ordering);
  EXPECT_EQ(choice.mode_of(0, true), BlockMode::ordering);
  choice.end_pass(pass(rows), {}, true);
  EXPECT_EQ(choice.kind(), PassKind::bounded);
}

TEST(PassChoice, TakesUpBoundsThatWillPay) {
  PassChoice choice(Algorithm::automatic, shape);
  end(choice, pass(100));

  choice.weigh_bounds(0.01, 100);

  EXPECT_EQ(choice.kind(), PassKind::ordering);
  EXPECT_EQ(with_bounds().kind(), PassKind::bounded);
}

TEST(PassChoice, StaysPlainWhereManyMoveOrFewPassesAreAllowed) {
  PassChoice restless(Algorithm::automatic, shape);
  end(restless, pass(rows / 2));
  restless.weigh_bounds(0.2, 100);
  PassChoice nearly_done(Algorithm::automatic, shape);
  end(nearly_done, pass(100));
  nearly_done.weigh_bounds(0.01, 3);

  EXPECT_EQ(restless.kind(), PassKind::plain);
  EXPECT_EQ(nearly_done.kind(), PassKind::plain);
}

TEST(PassChoice, StaysPlainWhereNobodyIsInDoubt) {
  PassChoice choice(Algorithm::automatic, shape);
  end(choice, pass(100));

  choice.weigh_bounds(0.0, 100);

  EXPECT_EQ(choice.kind(), PassKind::plain);
}

TEST(PassChoice, GivesUpBoundsThatCostMoreAndWaitsBeforeItTriesAgain) {
  PassChoice choice = with_bounds();
  for (int i = 0; i < 3; ++i) end(choice, pass(100, 0.9));
  EXPECT_EQ(choice.kind(), PassKind::bounded);  // on trial
  end(choice, pass(100, 0.9));
  EXPECT_EQ(choice.kind(), PassKind::plain);

  int waited = 0;
  for (; choice.kind() == PassKind::plain && waited < 100; ++waited) {
    end(choice, pass(100));
    choice.weigh_bounds(0.01, 100);
  }

  EXPECT_EQ(waited, 5);
}

TEST(PassChoice, KeepsBoundsThatWereAskedForWhateverTheyCost) {
  PassChoice choice(Algorithm::hamerly, shape);
  for (int i = 0; i < 10; ++i) end(choice, pass(rows, 1.0));

  EXPECT_EQ(choice.kind(), PassKind::bounded);
}

TEST(PassChoice, OrdersAnewWhereMostOfWhatIsComparedIsNeedless) {
  PassChoice choice = with_bounds();
  const BlockTally needless{rows / 2, rows / 2};

  for (int i = 0; i < 15; ++i) choice.end_pass(pass(100, 0.1), needless, true);
  EXPECT_EQ(choice.kind(), PassKind::bounded);  // an order lasts 16 passes
  choice.end_pass(pass(100, 0.1), needless, true);

  EXPECT_EQ(choice.kind(), PassKind::ordering);
}

}  // namespace
}  // namespace cardseg::cluster
