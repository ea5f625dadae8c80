#include "cardseg/run/output_owner.hpp"

#include <fmt/format.h>

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <system_error>
#include <thread>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/parse_json.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/run/progress_record.hpp"
#include "cardseg/run/run_directory.hpp"
#include "cardseg/run/run_files.hpp"

namespace cardseg::run {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::ExitCode;

// Signals go to the thread that does the work.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

Progress beginning(const cli::Context& context, const io::Owner& owner) {
  Progress progress;
  progress.owner = owner;
  progress.ranks = context.comm.size();
  progress.threads = context.threads;
  return progress;
}

// Whose run this is, as its run.json says.
std::string owner_of_run(const fs::path& directory) {
  try {
    const auto record = core::parse_json(io::read_file(directory / files::run_record));
    if (const auto owner = io::owner_from_json(record.at("owner").dump())) return io::name_of(*owner);
  } catch (const std::exception&) {  // it says that there is one, which is enough
  }
  return "of a job that does not say more";
}

}  // namespace

// The lock, and a thread that gives signs of life.
class OutputOwner::Root {
 public:
  Root(const cli::Context& context, const fs::path& directory, const std::string& job)
      : console_(context.console), lock_(directory, job), record_(beginning(context, lock_.owner())) {
    write();
    const SignalsBlocked blocked;
    try {
      thread_ = std::jthread([this](const std::stop_token& stop) { beat(stop); });
    } catch (const std::system_error&) {
      throw Error(ExitCode::system, "a thread cannot be started")
          .remedy("Raise the limits on memory (ulimit -v) and processes (ulimit -u)");
    }
    console_.share_progress(&record_);
  }
  ~Root() {
    console_.share_progress(nullptr);
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
    remove_empty_folders(lock_.directory());
  }
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  const io::OwnerLock& lock() const { return lock_; }

 private:
  void write() { io::write_passing_file(lock_.directory() / io::progress_file, to_json(record_.now())); }

  void beat(const std::stop_token& stop) {
    std::mutex mutex;
    std::unique_lock held(mutex);
    std::condition_variable_any wake;
    while (!wake.wait_for(held, stop, io::sign_of_life_every, [&] { return stop.stop_requested(); })) {
      try {
        lock_.check();
        lock_.beat();
        write();
      } catch (const std::exception&) {  // the next one may succeed; check() tells where it cannot
      }
    }
  }

  cli::Console& console_;
  io::OwnerLock lock_;
  ProgressRecord record_;
  std::jthread thread_;
};

OutputOwner::OutputOwner(cli::Context& context, const cli::OutputOptions& output, const std::string& job)
    : context_(context), directory_(output.output) {
  comm::agree(context.comm, [&] {
    validate(output);
    if (!context.comm.is_root()) return;
    root_ = std::make_unique<Root>(context, directory_, job);
    earlier_manifest_ = manifest_digest(directory_);
  });
  if (root_ && root_->lock().replaced())
    context.console.info(fmt::format("takes the directory {} over from a job that is gone: {}", directory_.string(),
                                     io::name_of(*root_->lock().replaced())));
}

OutputOwner::~OutputOwner() = default;

const io::Owner& OutputOwner::owner() const { return root_->lock().owner(); }

void OutputOwner::check() const {
  comm::agree(context_.comm, [&] {
    if (!root_) return;
    if (manifest_digest(directory_) == earlier_manifest_) return root_->lock().check();
    throw Error(ExitCode::cannot_create,
                "a finished run of another job has appeared in this directory: " + owner_of_run(directory_))
        .in_file(directory_.string())
        .remedy("It is left as it is: choose another " + core::field("output"));
  });
}

}  // namespace cardseg::run
