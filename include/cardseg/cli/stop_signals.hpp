// Signals that ask a job to stop with a checkpoint.
#pragma once

namespace cardseg::cli {

/// From now on SIGUSR1, SIGTERM, SIGINT and SIGHUP only set a flag; a second SIGINT or SIGHUP ends the process as ever.
/// SIGINT and SIGHUP that are ignored stay so. To be called before MPI starts.
void catch_stop_signals();
/// A signal has come.
bool is_stop_signalled();

}  // namespace cardseg::cli
