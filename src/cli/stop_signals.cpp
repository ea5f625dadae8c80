#include "cardseg/cli/stop_signals.hpp"

#include <csignal>
#include <initializer_list>

namespace cardseg::cli {
namespace {

volatile std::sig_atomic_t is_signalled = 0;

extern "C" void note_signal(int) { is_signalled = 1; }

}  // namespace

void catch_stop_signals() {
  struct sigaction action = {};
  action.sa_handler = note_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  // Slurm repeats SIGUSR1 and follows it with SIGTERM: these stay caught. Whoever presses Ctrl-C twice means it.
  for (const int repeated : {SIGUSR1, SIGTERM}) sigaction(repeated, &action, nullptr);
  action.sa_flags |= static_cast<int>(SA_RESETHAND);
  for (const int once : {SIGINT, SIGHUP}) {
    struct sigaction before = {};
    sigaction(once, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaction(once, &action, nullptr);  // ignored under nohup, or in the background
  }
}

bool is_stop_signalled() { return is_signalled != 0; }

}  // namespace cardseg::cli
