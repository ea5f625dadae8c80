// The one place where MPI return codes and counts are checked.
#pragma once

#include <mpi.h>

#include <cstddef>

namespace cardseg::comm {

/// Throws core::Error with the call's name and MPI's own text where `code` is not MPI_SUCCESS.
void check_mpi(int code, const char* call);

/// A count as MPI takes it; throws where it does not fit an int.
int mpi_count(std::size_t count);

}  // namespace cardseg::comm
