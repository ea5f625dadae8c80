#include "cardseg/comm/placement.hpp"

#include <sched.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include "cardseg/comm/session.hpp"
#include "cardseg/core/error.hpp"

namespace cardseg::comm {
namespace {

struct Machine {
  std::set<int> cores;
  int threads = 0;
};

// Virtual nodes of one machine share its cores, so a name does not tell machines apart; the kernel's boot does. Hosts
// that a simulator makes up are machines of their own.
std::string machine_name() {
  std::string boot;
  const bool is_simulated = library_version().find("SMPI") != std::string::npos;
  if (!is_simulated) std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
  return boot.empty() ? processor_name() : boot;
}

std::vector<int> allowed_cores() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  std::vector<int> cores;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
    for (int core = 0; core < CPU_SETSIZE; ++core)
      if (CPU_ISSET(core, &allowed)) cores.push_back(core);
  return cores;
}

}  // namespace

std::string local_place(int threads) {
  std::string text = machine_name() + " " + std::to_string(threads);
  for (int core : allowed_cores()) text += " " + std::to_string(core);
  return text;
}

Placement count_places(std::span<const std::string> places) {
  std::map<std::string, Machine> machines;
  for (const std::string& place : places) {
    std::istringstream words(place);
    std::string name;
    int threads = 0;
    if (!(words >> name >> threads)) throw core::Error(core::ExitCode::internal, "a rank's place cannot be read");
    Machine& machine = machines[name];
    machine.threads += threads;
    for (int core = 0; words >> core;) machine.cores.insert(core);
  }
  Placement placement;
  for (const auto& [name, machine] : machines) {
    const int cores = static_cast<int>(machine.cores.size());
    ++placement.machines;
    placement.cores += cores;
    placement.threads += machine.threads;
    placement.is_crowded = placement.is_crowded || (cores > 0 && machine.threads > cores);
  }
  return placement;
}

}  // namespace cardseg::comm
