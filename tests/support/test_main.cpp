// The main of every test program: starts MPI where it runs under mpirun; all ranks return the same code.
#include <gmock/gmock.h>

#include <cstdlib>
#include <optional>

#include "cardseg/comm/session.hpp"
#include "support/world.hpp"

int main(int argc, char** argv) {
  std::optional<cardseg::comm::Session> session;
  if (cardseg::comm::is_launched()) session.emplace(argc, argv);
  if (session) cardseg::support::set_world(session->world());
  testing::InitGoogleMock(&argc, argv);
  if (!cardseg::support::world().is_root()) {
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    if (!std::getenv("CARDSEG_TEST_ALL_RANKS")) delete listeners.Release(listeners.default_result_printer());
  }
  const int failed = RUN_ALL_TESTS();
  return static_cast<int>(cardseg::support::world().max(std::int64_t{failed}));
}
