// Places among the keys of all ranks.
#include <gmock/gmock.h>

#include <algorithm>
#include <string>

#include "support/world.hpp"
#include "transactions/customer_order.hpp"

namespace cardseg::transactions {
namespace {

// The keys of this rank, ascending, where key i goes to rank owner(i).
template <class Owner>
void expect_places(int count, Owner owner) {
  const comm::Communicator& comm = support::world();
  std::vector<std::string> all;
  for (int i = 0; i < count; ++i) all.push_back("customer " + std::to_string(i * 7919 % 100003));
  std::ranges::sort(all);
  std::vector<std::string> local;
  std::vector<std::int64_t> expected;
  for (int i = 0; i < count; ++i) {
    if (owner(i, comm.size()) != comm.rank()) continue;
    local.push_back(all[static_cast<std::size_t>(i)]);
    expected.push_back(i);
  }

  EXPECT_EQ(global_places(comm, local), expected);
}

TEST(GlobalPlaces, AreThoseOfAllKeysInOrder) {
  expect_places(3000, [](int i, int ranks) { return i * 31 % 17 % ranks; });
}

TEST(GlobalPlaces, AreFoundWhereOneRankHasAllKeysAndWhereThereIsNone) {
  expect_places(500, [](int, int ranks) { return ranks - 1; });
  expect_places(1, [](int, int) { return 0; });
  expect_places(0, [](int, int) { return 0; });
}

}  // namespace
}  // namespace cardseg::transactions
