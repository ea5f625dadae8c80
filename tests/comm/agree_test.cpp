#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/interruption.hpp"

#include <gtest/gtest.h>

#include "support/world.hpp"

namespace cardseg::comm {

using support::world;

TEST(Agree, ReturnsEachRanksOwnResultWhereNobodyFails) {
  const Communicator& comm = support::world();

  EXPECT_EQ(agree(comm, [&] { return comm.rank(); }), comm.rank());
}

TEST(Agree, ThrowsTheErrorOfOneRankOnAllRanks) {
  const Communicator& comm = support::world();
  const int failing = comm.size() - 1;

  try {
    agree(comm, [&] {
      if (comm.rank() == failing) throw core::Error(core::ExitCode::bad_data, "it broke").in_file("x.h5");
    });
    FAIL() << "no error on rank " << comm.rank();
  } catch (const AgreedError& error) {
    EXPECT_EQ(error.code(), core::ExitCode::bad_data);
    EXPECT_EQ(error.place().file, "x.h5");
    EXPECT_EQ(error.place().rank, comm.size() > 1 ? failing : -1);
  }
}

TEST(Agree, ReportsTheLowestRankWhereSeveralFail) {
  const Communicator& comm = support::world();

  try {
    agree(comm, [&]() -> int { throw std::runtime_error("rank " + std::to_string(comm.rank())); });
    FAIL();
  } catch (const AgreedError& error) {
    EXPECT_EQ(error.reason(), "rank 0");
    EXPECT_EQ(error.code(), core::ExitCode::internal);
  }
}

TEST(Agree, CallsOutOfMemoryASystemError) {
  try {
    agree(support::world(), []() -> int { throw std::bad_alloc(); });
    FAIL();
  } catch (const AgreedError& error) {
    EXPECT_EQ(error.code(), core::ExitCode::system);
  }
}

TEST(Interruption, OfOneRankIsThrownByAll) {
  const int last = world().size() - 1;
  set_interruption([&]() -> std::optional<core::Error> {
    if (world().rank() != last) return std::nullopt;
    return core::Error(core::ExitCode::stopped, "a signal came");
  });

  EXPECT_THROW(agree(world(), [] {}), AgreedError);
  EXPECT_THROW(hear_interruption(world()), AgreedError);
  {
    const Uninterrupted whole;
    EXPECT_NO_THROW(agree(world(), [] {}));
    EXPECT_NO_THROW(hear_interruption(world()));
  }
  EXPECT_THROW(agree(world(), [] {}), AgreedError);
  set_interruption({});
  EXPECT_NO_THROW(agree(world(), [] {}));
}

}  // namespace cardseg::comm
