// A crash or an endless loop inside the HDF5 library, on a file that passed every check, becomes an error.
#pragma once

#include <csetjmp>
#include <utility>

namespace cardseg::io::hdf5 {

/// Once per process, by `start`: handlers of SIGSEGV, SIGBUS, SIGFPE and SIGABRT. In this program's own code such a
/// signal stays a crash: the stack on stderr, exit code 70, no core. A build with a sanitizer leaves them to it.
void install_guard();

/// Seconds of computing that a call may take, from the next call on (120 at first); 0: any.
void set_read_timeout(int seconds);

/// Ends the innermost guarded call of this thread. Precondition: there is one.
[[noreturn]] void land(int signal);

/// A place to come back to from a call of this thread.
class Guard {
 public:
  /// Throws core::Error(bad_data) where the library crashed before: it is not called again.
  Guard();
  ~Guard();
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

  sigjmp_buf& landing() { return landing_; }
  /// After the library crashed, or did not come to an end.
  [[noreturn]] void fail();

 private:
  friend void land(int signal);
  sigjmp_buf landing_;
  Guard* outer_;
  int signal_ = 0;
};

/// True once the library crashed: what it holds is left as it is.
bool has_crashed();

/// Local; for the thread that uses HDF5. Runs `work`, which calls HDF5 and owns nothing: what it would free is lost
/// where the library crashes. Throws what `work` throws; core::Error(bad_data) where the library crashes or computes
/// for longer than the timeout. Cost: about a microsecond.
template <class Work>
[[gnu::noinline]] void guarded(Work&& work) {
  Guard guard;
  if (sigsetjmp(guard.landing(), 1) != 0) guard.fail();
  std::forward<Work>(work)();
}

}  // namespace cardseg::io::hdf5
