// The communicator that tests run on: all ranks that mpirun started, or one alone.
#pragma once

#include "cardseg/comm/communicator.hpp"

namespace cardseg::support {

const comm::Communicator& world();
void set_world(const comm::Communicator& comm);

}  // namespace cardseg::support
