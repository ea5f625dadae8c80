#include "cardseg/comm/launch.hpp"

#include <cstdlib>
#include <initializer_list>

namespace cardseg::comm {
namespace {

// 0 where the variable is absent or no number.
int number_in(const char* name) {
  const char* value = std::getenv(name);
  return value ? std::atoi(value) : 0;
}

bool is_any_set(std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (std::getenv(name)) return true;
  return false;
}

struct Launcher {
  const char* size;
  const char* rank;
};

// Open MPI's mpirun; MPICH's and Intel's Hydra; MVAPICH's. Inside an allocation, a rank that one of them started has
// variables of Slurm, too.
constexpr Launcher mpi_launchers[] = {{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"},
                                      {"PMI_SIZE", "PMI_RANK"},
                                      {"MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK"},
                                      {"MPI_LOCALNRANKS", "MPI_LOCALRANKID"}};

// A batch script has SLURM_NTASKS and SLURM_PROCID, but no number of tasks of its step: it is one process.
std::optional<LaunchConflict> conflict_with_srun() {
  const int tasks = number_in("SLURM_STEP_NUM_TASKS");
  if (tasks < 2 || !is_any_set({"SLURM_STEP_ID", "SLURM_STEPID"}) || !is_any_set({"SLURM_PROCID"})) return std::nullopt;
  return LaunchConflict{"SLURM_STEP_NUM_TASKS", tasks, number_in("SLURM_PROCID")};
}

}  // namespace

std::optional<LaunchConflict> find_launch_conflict() {
  if (is_any_set({"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMI_RANK", "PMI_FD", "PMIX_RANK", "PMIX_NAMESPACE",
                  "MV2_COMM_WORLD_SIZE", "MPI_LOCALNRANKS"}))
    return std::nullopt;
  return conflict_with_srun();
}

std::optional<LaunchConflict> find_launch_conflict(int ranks) {
  if (ranks > 1) return std::nullopt;
  for (const Launcher& launcher : mpi_launchers) {
    if (!std::getenv(launcher.size)) continue;
    const int processes = number_in(launcher.size);
    if (processes < 2) return std::nullopt;
    return LaunchConflict{launcher.size, processes, number_in(launcher.rank)};
  }
  return conflict_with_srun();
}

}  // namespace cardseg::comm
