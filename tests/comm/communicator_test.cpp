#include "cardseg/comm/communicator.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <numeric>
#include <thread>

#include "support/world.hpp"

namespace cardseg::comm {

using support::world;

TEST(Communicator, SumsIntegersOverRanks) {
  const std::int64_t size = world().size();
  std::vector<std::int64_t> values{1, world().rank(), -5};

  world().allreduce_sum(std::span(values));

  EXPECT_THAT(values, testing::ElementsAre(size, size * (size - 1) / 2, -5 * size));
}

TEST(Communicator, SumsWideIntegersOverRanks) {
  const core::int128 each = -(core::int128{1} << 90) - 3;
  std::vector<core::int128> values{each, 7};

  world().allreduce_sum(std::span(values));

  EXPECT_TRUE(values[0] == each * world().size());
  EXPECT_TRUE(values[1] == 7 * world().size());
}

TEST(Communicator, FindsExtremesOverRanks) {
  EXPECT_EQ(world().max(static_cast<double>(world().rank())), world().size() - 1);
  EXPECT_EQ(world().min(std::int64_t{world().rank()}), 0);
}

TEST(Communicator, ScansLowerRanks) {
  const core::int128 each = core::int128{1} << 70;

  EXPECT_TRUE(world().exscan_sum(each) == each * world().rank());
}

TEST(Communicator, BroadcastsTextOfAnyLength) {
  const int root = world().size() - 1;
  std::string text = world().rank() == root ? std::string(1000, 'x') : "short";

  world().broadcast(text, root);

  EXPECT_EQ(text, std::string(1000, 'x'));
}

TEST(Communicator, GathersTextInRankOrder) {
  const std::vector<std::string> texts = world().allgather(std::string(static_cast<std::size_t>(world().rank()), 'a'));

  ASSERT_EQ(static_cast<int>(texts.size()), world().size());
  for (std::size_t r = 0; r < texts.size(); ++r) EXPECT_EQ(texts[r].size(), r);
}

TEST(Communicator, PassesBytesRoundARing) {
  if (world().size() == 1) GTEST_SKIP() << "needs two ranks";
  const int right = (world().rank() + 1) % world().size();
  const int left = (world().rank() + world().size() - 1) % world().size();
  const std::int64_t sent = world().rank();
  std::int64_t received = -1;

  if (world().is_root()) world().send(std::as_bytes(std::span(&sent, 1)), right, 1);
  world().receive(std::as_writable_bytes(std::span(&received, 1)), left, 1);
  if (!world().is_root()) world().send(std::as_bytes(std::span(&sent, 1)), right, 1);

  EXPECT_EQ(received, left);
}

TEST(Communicator, ExchangesBytesOfAnyNumber) {
  std::vector<std::vector<std::byte>> lists;
  for (int r = 0; r < world().size(); ++r)
    lists.emplace_back(static_cast<std::size_t>(world().rank()), static_cast<std::byte>(world().rank() * 10 + r));
  const std::vector<std::span<const std::byte>> to_rank(lists.begin(), lists.end());

  const std::vector<std::vector<std::byte>> received = world().alltoall(to_rank);

  ASSERT_EQ(static_cast<int>(received.size()), world().size());
  for (std::size_t from = 0; from < received.size(); ++from)
    EXPECT_EQ(received[from], std::vector<std::byte>(
                                  from, static_cast<std::byte>(from * 10 + static_cast<std::size_t>(world().rank()))));
}

TEST(Communicator, SplitsIntoGroupsByColour) {
  const int colour = world().rank() % 2;

  const Communicator group = world().split(colour);

  EXPECT_EQ(group.size(), (world().size() + 1 - colour) / 2);
  EXPECT_EQ(group.rank(), world().rank() / 2);
  EXPECT_EQ(group.sum(colour), colour * group.size());
}

TEST(Communicator, AGroupOutlivesTheObjectThatItWasMadeWith) {
  Communicator kept;
  {
    const Communicator group = world().split(0);
    kept = group;
  }

  EXPECT_EQ(kept.sum(1), world().size());
}

TEST(Communicator, GroupsOfGroupsSplitAgain) {
  const Communicator halves = world().split(world().rank() % 2);
  const Communicator alone = halves.split(halves.rank());

  EXPECT_EQ(alone.size(), 1);
  EXPECT_EQ(alone.sum(7), 7);
}

TEST(Communicator, CountsCallsAndBytesOfEachGroup) {
  const Communicator group = world().split(0);
  const Traffic before = world().traffic();
  std::vector<std::int64_t> values(100, 1);

  group.allreduce_sum(std::span(values));
  group.allreduce_sum(std::span(values));

  const bool has_others = group.size() > 1;
  EXPECT_EQ(group.traffic().calls, has_others ? 2 : 0);
  EXPECT_EQ(group.traffic().bytes, has_others ? 1600 : 0);
  EXPECT_EQ(group.traffic().elapsed_s > 0, has_others);
  EXPECT_EQ(world().traffic().calls, before.calls);
}

TEST(Communicator, CopiesShareTheirCounts) {
  const Communicator copy = world();
  const std::int64_t calls = world().traffic().calls;

  copy.barrier();

  EXPECT_EQ(world().traffic().calls, calls + (world().size() > 1 ? 1 : 0));
}

TEST(Communicator, WaitsQuietlyForTheLast) {
  const auto now_s = [] {  // of one machine, the same for all its processes
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  };
  if (world().is_root()) std::this_thread::sleep_for(std::chrono::milliseconds(30));
  double arrived_s = now_s();

  world().quiet_barrier();

  const double left_s = now_s();
  world().broadcast(std::span(&arrived_s, 1), 0);
  EXPECT_GE(left_s, arrived_s);
}

TEST(Communicator, AloneNeedsNoMpi) {
  const Communicator alone;

  EXPECT_EQ(alone.size(), 1);
  EXPECT_EQ(alone.sum(5), 5);
  EXPECT_TRUE(alone.exscan_sum(9) == 0);
  EXPECT_EQ(alone.split(3).size(), 1);
  alone.quiet_barrier();
  EXPECT_EQ(alone.traffic().calls, 0);
}

}  // namespace cardseg::comm
