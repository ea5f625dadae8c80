// The lifetime of MPI in a process.
#pragma once

#include <string>

#include "cardseg/comm/communicator.hpp"

namespace cardseg::comm {

/// Starts MPI, asking for the thread level FUNNELED (see supports_threads), ends it when destroyed. One per process, in
/// `main`.
class Session {
 public:
  /// Collective over all processes of the job. Throws core::Error(system), also where the limit on addresses
  /// is too low.
  Session(int& argc, char**& argv);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Communicator world() const;

  /// Ends every rank at once with `exit_code`: only for a failure that the ranks could not agree on.
  [[noreturn]] static void abort(int exit_code);
};

/// Collective. From now on ranks wait at most so long for others in a collective call: then all end with an error that
/// names the rank that did not come. Waiting ranks leave their cores after some milliseconds. 0: no limit, as before.
void watch_for_hangs(const Communicator& world, double seconds);

/// True where a launcher (mpirun, srun) started this process as one of its ranks. Local; MPI need not have started.
bool is_launched();
/// True between the start and the end of MPI in this process.
bool is_running();
/// The MPI library's own name and version, without starting it.
std::string library_version();
/// The name of this host as MPI gives it.
std::string processor_name();
/// False where MPI runs and gave less than FUNNELED: ranks may then have one thread only.
bool supports_threads();
/// Seconds of a steady clock, from any start: MPI's own where MPI runs, so that under a simulator they are simulated
/// ones.
double clock_s();

}  // namespace cardseg::comm
