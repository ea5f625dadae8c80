// What a Communicator holds: the MPI handle, not owned.
#pragma once

#include <mpi.h>

#include "cardseg/comm/communicator.hpp"

namespace cardseg::comm {

struct Communicator::Handle {
  MPI_Comm comm;
};

}  // namespace cardseg::comm
