// Launchers that start many processes of which MPI makes no ranks: each would do the whole job.
#pragma once

#include <optional>
#include <string>

namespace cardseg::comm {

/// What the environment says of a launch that MPI knows nothing of.
struct LaunchConflict {
  std::string variable;  ///< that speaks of `processes`
  int processes = 0;
  int number = 0;  ///< of this process, from 0
};

/// Local. Before MPI starts: srun started several processes and gives none of them what MPI finds the others by.
std::optional<LaunchConflict> find_launch_conflict();
/// Local. The same after MPI started and made `ranks` of it; further, another MPI's mpirun started several processes.
std::optional<LaunchConflict> find_launch_conflict(int ranks);

}  // namespace cardseg::comm
