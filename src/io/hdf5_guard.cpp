#include "io/hdf5_guard.hpp"

#include <execinfo.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstring>
#include <ctime>
#include <optional>
#include <string>

#include "cardseg/core/error.hpp"

// The program's own instructions, by the linker.
extern "C" const char __executable_start;  // NOLINT(bugprone-reserved-identifier)
extern "C" const char etext;

namespace cardseg::io::hdf5 {
namespace {

using core::Error;
using core::ExitCode;

constexpr std::array crashes = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
constexpr std::size_t signal_stack_bytes = 65536;
constexpr int most_frames = 64;
constexpr unsigned seconds_to_land = 20;  // memory that the library left locked would hold this thread for ever

std::atomic<int> timeout_s = 120;
std::atomic<bool> crashed = false;
thread_local Guard* innermost = nullptr;
alignas(16) char signal_stack[signal_stack_bytes];  // of the main thread: the library may have used up its own

int timer_signal() { return SIGRTMIN; }

template <std::size_t size>
void write_text(const char (&text)[size]) {
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text, size - 1);
}

bool is_own_code(const void* context) {
#if defined(__x86_64__)
  const auto* place =
      reinterpret_cast<const char*>(static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
  return place >= &__executable_start && place < &etext;
#else
  static_cast<void>(context);
  return false;
#endif
}

[[noreturn]] void end_with_stack() {
  write_text("cardseg: error: internal error: the program crashed. Please report it with this stack:\n");
  void* frames[most_frames];
  backtrace_symbols_fd(frames, backtrace(frames, most_frames), STDERR_FILENO);
  ::_exit(static_cast<int>(ExitCode::internal));
}

extern "C" void on_crash(int signal, siginfo_t*, void* context) {
  if (innermost && !is_own_code(context)) land(signal);
  end_with_stack();
}

extern "C" void on_timeout(int signal) {
  if (innermost) land(signal);
}

// The library crashed while it held the memory's lock.
extern "C" void on_no_landing(int) {
  write_text(
      "cardseg: error: the HDF5 library crashed on a shard, which is damaged. Copy or write the shards again; 'cardseg "
      "inspect' finds out which\n");
  ::_exit(static_cast<int>(ExitCode::bad_data));
}

struct sigaction action_of(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  return action;
}

// Fires after so much time of computing of this thread's; a wait for a slow file system is none.
void set_timer(int seconds) {
  thread_local const std::optional<timer_t> timer = []() -> std::optional<timer_t> {
    sigevent event = {};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = timer_signal();
    event._sigev_un._tid = static_cast<pid_t>(::syscall(SYS_gettid));
    timer_t made = nullptr;
    if (::timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &made) != 0) return std::nullopt;
    return made;
  }();
  if (!timer) return;
  itimerspec time = {};
  time.it_value.tv_sec = seconds;
  ::timer_settime(*timer, 0, &time, nullptr);
}

}  // namespace

void land(int signal) {
  crashed = true;
  innermost->signal_ = signal;
  siglongjmp(innermost->landing_, 1);
}

void install_guard() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  void* frame = nullptr;
  backtrace(&frame, 1);  // loads what it needs while that is safe
  stack_t stack = {};
  stack.ss_sp = signal_stack;
  stack.ss_size = sizeof signal_stack;
  ::sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_sigaction = on_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (const int signal : crashes) sigaction(signal, &action, nullptr);
#endif
  const struct sigaction timeout = action_of(on_timeout);
  sigaction(timer_signal(), &timeout, nullptr);
}

void set_read_timeout(int seconds) { timeout_s = seconds; }

bool has_crashed() { return crashed; }

Guard::Guard() : outer_(innermost) {
  if (crashed)
    throw Error(ExitCode::bad_data, "the HDF5 library crashed before").remedy("Copy or write the shards again");
  innermost = this;
  if (!outer_ && timeout_s > 0) set_timer(timeout_s);
}

Guard::~Guard() {
  innermost = outer_;
  if (!outer_ && timeout_s > 0) set_timer(0);
}

void Guard::fail() {
  const struct sigaction action = action_of(on_no_landing);
  sigaction(SIGALRM, &action, nullptr);
  ::alarm(seconds_to_land);
  const std::string what =
      signal_ == timer_signal()
          ? "the HDF5 library did not come to an end in " + std::to_string(timeout_s) + " s of computing"
          : "the HDF5 library crashed (signal " + std::to_string(signal_) + ")";
  Error error(ExitCode::bad_data, "is damaged: " + what);
  error.remedy("Copy or write this shard again");
  ::alarm(0);
  throw error;
}

}  // namespace cardseg::io::hdf5
