#include "cardseg/io/owner_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cardseg/core/duration.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/parse_json.hpp"
#include "cardseg/core/utc_time.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "io/host_name.hpp"

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;
using json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr const char* format_name = "cardseg-owner";
constexpr int most_tries = 5;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::int64_t number_or_zero(const std::string& text) {
  return text.empty() || text.find_first_not_of("0123456789") != std::string::npos ? 0 : std::atoll(text.c_str());
}

std::string this_machine() {
  std::string boot;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
  std::error_code unknown;
  const fs::path processes = fs::read_symlink("/proc/self/ns/pid", unknown);
  return boot.empty() || processes.empty() ? "" : boot + " " + processes.string();
}

struct Process {
  std::string state;  // one letter; empty: unknown
  std::string start;
};

// Fields 3 and 22 of /proc/<pid>/stat; the second field is a name in parentheses, which may hold anything.
Process look_up(std::int64_t process) {
  std::ifstream file(fmt::format("/proc/{}/stat", process));
  std::string text;
  std::getline(file, text, '\0');
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream words(text.substr(name_end + 1));
  Process found;
  words >> found.state;
  for (int field = 4; field <= 22; ++field) words >> found.start;
  return found;
}

bool is_alive(const Owner& owner) {
  if (::kill(static_cast<pid_t>(owner.process), 0) != 0 && errno == ESRCH) return false;
  const Process found = look_up(owner.process);
  if (found.state.empty()) return true;  // /proc may be closed to other users
  return found.state != "Z" && found.state != "X" && found.start == owner.process_start;
}

// A file's time of change, in seconds; nothing where there is no such file.
std::optional<double> changed_s(const fs::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return std::nullopt;
  return static_cast<double>(facts.st_mtim.tv_sec) + 1e-9 * static_cast<double>(facts.st_mtim.tv_nsec);
}

double now_s() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

// `now`: by the clock of the file system.
std::optional<FoundOwner> find_owner_at(const fs::path& directory, double now) {
  const fs::path file = directory / owner_file;
  const std::optional<double> last_sign = changed_s(file);
  if (!last_sign) return std::nullopt;
  std::string text;
  try {
    text = read_file(file);
  } catch (const Error&) {
    if (!changed_s(file)) return std::nullopt;  // removed meanwhile
    throw;
  }
  std::optional<Owner> owner = owner_from_json(text);
  FoundOwner found{owner.value_or(Owner{}), now - *last_sign, false, false};
  const bool is_old = found.silent_s > std::chrono::duration<double>(gone_after).count();
  if (!owner && text.empty()) {  // being written, or cut off there
    found.is_gone = is_old;
    return found;
  }
  if (!owner)
    throw Error(ExitCode::cannot_create, "a file of this name is in the way: it is not of cardseg")
        .in_file(file.string())
        .remedy("Move it away, or choose another " + core::field("output"));
  const std::string machine = this_machine();
  found.is_here = !machine.empty() && machine == owner->machine;
  found.is_gone = found.is_here ? !is_alive(*owner) : is_old;
  return found;
}

[[noreturn]] void refuse(const fs::path& directory, const FoundOwner& found) {
  Error error(ExitCode::cannot_create, "another job works in this directory: " + name_of(found.owner));
  std::string remedy = "Wait for it, or choose another " + core::field("output");
  if (!found.is_here)
    remedy += fmt::format("; it counts as gone {} after its last sign of life, which was {} ago",
                          core::clock_text(std::chrono::duration<double>(gone_after).count()),
                          core::clock_text(std::max(0.0, found.silent_s)));
  throw error.in_file(directory.string()).remedy(remedy);
}

// While it lives, no other job on file systems that know locks (flock) looks at the directory's owner to change it.
class Turn {
 public:
  explicit Turn(const fs::path& directory) : fd_(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (fd_ < 0) return;
    int failure = 0;
    while ((failure = ::flock(fd_, LOCK_EX)) != 0 && errno == EINTR) continue;
    is_mine_ = failure == 0;
  }
  ~Turn() {
    if (fd_ >= 0) ::close(fd_);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  bool is_mine() const { return is_mine_; }

 private:
  int fd_;
  bool is_mine_ = false;
};

// False where there is a file already. `whole` has the bytes.
bool put_in_place(const fs::path& whole, const fs::path& place) {
  if (::link(whole.c_str(), place.c_str()) == 0) return true;
  if (errno == EEXIST) return false;
  // No links here: the file is whole a moment after it has its name.
  const int fd = ::open(place.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  ::close(fd);
  return ::rename(whole.c_str(), place.c_str()) == 0;
}

// What jobs left that were killed while they took the directory.
void remove_left_over(const fs::path& directory) {
  std::error_code ignored;
  for (fs::directory_iterator at(directory, ignored), end; !ignored && at != end; at.increment(ignored)) {
    const std::string name = at->path().filename().string();
    std::error_code gone;
    if (name.starts_with(owner_file) && name.ends_with(".partial")) fs::remove(at->path(), gone);
  }
}

// The directories that have to be made for `directory`, itself first.
std::vector<fs::path> absent(const fs::path& directory) {
  std::vector<fs::path> all;
  std::error_code unknown;
  for (fs::path at = fs::absolute(directory, unknown); !unknown && !at.empty() && !fs::exists(at, unknown);
       at = at.parent_path())
    all.push_back(at);
  return all;
}

}  // namespace

bool is_owners_file(const std::string& name) {
  for (const char* known : {owner_file, progress_file})
    if (name == known || (name.starts_with(std::string(known) + ".") && name.ends_with(".partial"))) return true;
  return false;
}

Owner this_owner(const std::string& job) {
  Owner owner;
  owner.job = job;
  owner.host = host_name();
  owner.process = ::getpid();
  owner.process_start = look_up(owner.process).start;
  owner.machine = this_machine();
  owner.started = core::utc_now();
  owner.slurm_cluster = variable("SLURM_CLUSTER_NAME");
  owner.slurm_job = variable("SLURM_JOB_ID");
  owner.slurm_restarts = number_or_zero(variable("SLURM_RESTART_COUNT"));
  return owner;
}

std::string name_of(const Owner& owner) {
  if (owner.job.empty()) return "one that begins";
  return fmt::format("{}, process {} on {} since {}{}", owner.job, owner.process, owner.host, owner.started,
                     owner.slurm_job.empty() ? "" : ", Slurm job " + owner.slurm_job);
}

std::string to_json(const Owner& owner) {
  const json whole = {{"format", format_name},
                      {"format_version", 1},
                      {"job", owner.job},
                      {"host", owner.host},
                      {"process", owner.process},
                      {"process_start", owner.process_start},
                      {"machine", owner.machine},
                      {"started", owner.started},
                      {"slurm_cluster", owner.slurm_cluster},
                      {"slurm_job", owner.slurm_job},
                      {"slurm_restarts", owner.slurm_restarts}};
  return whole.dump(1) + "\n";
}

std::optional<Owner> owner_from_json(const std::string& text) {
  try {
    const json j = core::parse_json<json>(text);
    if (j.at("format") != format_name) return std::nullopt;
    return Owner{j.at("job"),     j.at("host"),          j.at("process"),   j.at("process_start"), j.at("machine"),
                 j.at("started"), j.at("slurm_cluster"), j.at("slurm_job"), j.at("slurm_restarts")};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::optional<FoundOwner> find_owner(const fs::path& directory) { return find_owner_at(directory, now_s()); }

bool is_run_again(const Owner& before, const Owner& now) {
  return !now.slurm_job.empty() && before.slurm_job == now.slurm_job && before.slurm_cluster == now.slurm_cluster &&
         now.slurm_restarts > before.slurm_restarts;
}

OwnerLock::OwnerLock(fs::path directory, const std::string& job)
    : directory_(std::move(directory)), mine_(this_owner(job)), made_(absent(directory_)) {
  try {
    // Another job that fails may remove an empty directory between two steps of this one.
    for (int tries = 1; !take(); ++tries)
      if (tries == most_tries)
        throw Error(ExitCode::cannot_create, "the directory has another owner at every look")
            .in_file(directory_.string())
            .remedy("Run the job again, or choose another " + core::field("output"));
  } catch (...) {
    std::error_code not_empty;
    for (const fs::path& each : made_) fs::remove(each, not_empty);
    throw;
  }
}

// False where it has to be tried again.
bool OwnerLock::take() {
  make_directory(directory_);
  const Turn turn(directory_);
  if (turn.is_mine()) remove_left_over(directory_);
  const fs::path place = directory_ / owner_file;
  const fs::path whole = temporary_name(place);
  struct Removal {
    const fs::path& file;
    ~Removal() {
      std::error_code ignored;
      fs::remove(file, ignored);
    }
  } const removal{whole};
  try {
    create_file(whole, to_json(mine_));
  } catch (const Error& error) {
    if (!fs::exists(directory_)) return false;
    throw Error(error.code(), "a file in it " + error.reason())
        .in_file(directory_.string())
        .remedy(error.remedy_text());
  }
  if (put_in_place(whole, place)) return true;
  const std::optional<FoundOwner> found = find_owner_at(directory_, changed_s(whole).value_or(now_s()));
  if (!found) return false;  // ended meanwhile
  if (!found->is_gone && !is_run_again(found->owner, mine_)) refuse(directory_, *found);
  // Set aside first: where there are no locks, another job may have been faster, and then this is its file.
  const fs::path aside = fs::path(whole) += ".gone.partial";
  std::error_code failure;
  fs::rename(place, aside, failure);
  if (failure) return false;
  const std::optional<Owner> moved = owner_from_json(read_file(aside));
  if (moved && *moved != found->owner) put_in_place(aside, place);
  fs::remove(aside, failure);
  if (moved && *moved != found->owner) return false;
  replaced_ = found->owner;
  return put_in_place(whole, place);
}

OwnerLock::~OwnerLock() { release(); }

void OwnerLock::release() noexcept {
  try {
    const Turn turn(directory_);
    const std::optional<FoundOwner> found = find_owner(directory_);
    if (!found || found->owner != mine_) return;
    std::error_code ignored;
    fs::remove(directory_ / progress_file, ignored);
    fs::remove(directory_ / owner_file, ignored);
    for (const fs::path& each : made_) fs::remove(each, ignored);
  } catch (...) {  // what stays is recognised as left over
  }
}

void OwnerLock::check() const {
  const std::optional<FoundOwner> found = find_owner(directory_);
  if (found && found->owner == mine_) return;
  Error error(ExitCode::cannot_create, found ? "another job has taken this directory over: " + name_of(found->owner)
                                             : std::string("this job's file ") + owner_file + " is gone from it");
  throw error.in_file(directory_.string())
      .remedy("Nothing was replaced: look at what the other job writes, or choose another " + core::field("output"));
}

void OwnerLock::beat() const noexcept { ::utimensat(AT_FDCWD, (directory_ / owner_file).c_str(), nullptr, 0); }

}  // namespace cardseg::io
