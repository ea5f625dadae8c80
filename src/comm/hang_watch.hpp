// Waiting for other ranks, but not for ever.
#pragma once

#include <mpi.h>

#include "comm/handle.hpp"
#include "comm/mpi_check.hpp"

namespace cardseg::comm {

/// A limit is set (watch_for_hangs).
bool is_watching();

/// Local. Returns when the request of a collective call is done. Throws core::Error(system) naming the ranks that did
/// not come to the call in time; on the ranks that cannot tell, some seconds later.
void wait_watching(MPI_Request request, const Group& group, const char* call);

/// A collective call: `blocking`, or where a limit is set `starting` (the same that does not block, given a request).
template <class Blocking, class Starting>
void collective(const Group& group, const char* call, Blocking blocking, Starting starting) {
  if (!is_watching()) return check_mpi(blocking(), call);
  ++group.collectives;
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(starting(&request), call);
  wait_watching(request, group, call);
}

}  // namespace cardseg::comm
