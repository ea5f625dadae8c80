// What a Communicator holds: the MPI handle, and what went through it.
#pragma once

#include <mpi.h>

#include <cstddef>

#include "cardseg/comm/communicator.hpp"

namespace cardseg::comm {

/// Not copied: one for each group, shared by the Communicators that name it.
struct Group {
  MPI_Comm comm;
  bool is_owned;  ///< made by split
  mutable Traffic traffic;
  mutable std::int64_t collectives = 0;  ///< calls that all ranks made; counted where they are watched

  Group(MPI_Comm mpi, bool owned) : comm(mpi), is_owned(owned) {}
  ~Group();
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;
};

struct Communicator::Handle : Group {
  using Group::Group;
};

/// Counts one call of MPI through a group, from here to the end of the block.
class Counted {
 public:
  Counted(const Group& group, std::size_t bytes);
  ~Counted();
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  Traffic& traffic_;
  double start_s_;
};

}  // namespace cardseg::comm
