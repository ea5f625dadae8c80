#include "cardseg/io/scratch_mapping.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <utility>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/with_commas.hpp"

namespace cardseg::io {
namespace {

constexpr std::int64_t mapped_around = std::int64_t{64} << 10;  // by Linux, fault_around_bytes

using core::Error;
using core::ExitCode;

constexpr unsigned long tmpfs_magic = 0x01021994;
constexpr unsigned long ramfs_magic = 0x858458f6;

[[noreturn]] void fail(const std::filesystem::path& directory, std::int64_t bytes, int number) {
  const bool is_forbidden = number == EACCES || number == EPERM || number == EROFS;
  Error error(
      is_forbidden ? ExitCode::permission : ExitCode::cannot_create,
      "a scratch file of " + core::with_commas(bytes) + " bytes cannot be created here: " + std::strerror(number));
  error.in_file(directory.string());
  if (number == EFBIG) {
    error.remedy("Raise the limit on file sizes (ulimit -f), or raise " + core::field("memory-limit") +
                 " so that none is needed");
  } else {
    error.remedy("Name a directory on a disk with that much space with " + core::field("scratch") + ", or raise " +
                 core::field("memory-limit"));
  }
  throw error;
}

[[noreturn]] void fail_for_addresses(std::int64_t bytes) {
  Error error(ExitCode::system, "there are no addresses for a scratch file of " + core::with_commas(bytes) + " bytes");
  throw error.remedy("Raise the limit on addresses (ulimit -v), or use more ranks on more nodes");
}

// The descriptor of a new file without a name, or -1 and errno.
int create_nameless(const std::filesystem::path& directory) {
  const int file = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  // Not every file system knows such files (EOPNOTSUPP; old kernels EISDIR, NFS EINVAL).
  if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return file;
  std::string name = (directory / ".cardseg-scratch-XXXXXX").string();
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

// Where a page of a mapping cannot be read or written, the system sends SIGBUS, and nothing can be thrown out of that:
// what there is to say is ready beforehand.
struct Watched {
  std::atomic<const std::byte*> begin = nullptr;
  std::atomic<const std::byte*> end = nullptr;
  char message[1024] = "";
};
Watched watched[8];  // a job has one mapping, two for a moment
struct sigaction before = {};

extern "C" void end_on_bus_error(int signal, siginfo_t* facts, void*) {
  const auto* place = static_cast<const std::byte*>(facts->si_addr);
  for (const Watched& each : watched) {
    const std::byte* begin = each.begin.load();
    if (!begin || place < begin || place >= each.end.load()) continue;
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, each.message, std::strlen(each.message));
    ::_exit(static_cast<int>(ExitCode::io));
  }
  sigaction(signal, &before, nullptr);  // of something else: as without a mapping, when the instruction is repeated
}

void watch(const std::byte* data, std::int64_t bytes, const std::filesystem::path& directory) {
  for (Watched& each : watched) {
    const std::byte* free = nullptr;
    if (!each.begin.compare_exchange_strong(free, data)) continue;
    const std::string text = "cardseg: error: " + directory.string() +
                             ": the scratch file cannot be read or written: input/output error. Check the disk, or "
                             "name a directory on another one\n";
    text.copy(each.message, sizeof each.message - 1);
    each.end = data + bytes;
    break;
  }
  struct sigaction action = {};
  action.sa_sigaction = end_on_bus_error;
  action.sa_flags = SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  struct sigaction current = {};
  sigaction(SIGBUS, nullptr, &current);
  if ((current.sa_flags & SA_SIGINFO) != 0 && current.sa_sigaction == end_on_bus_error) return;
  sigaction(SIGBUS, &action, &before);
}

void watch_no_more(const std::byte* data) {
  for (Watched& each : watched)
    if (each.begin == data) each.begin = nullptr;
}

int reserve(int file, std::int64_t bytes) {
  for (;;) {
    const int number = ::posix_fallocate(file, 0, bytes);
    if (number != EINTR) return number;
  }
}

}  // namespace

ScratchMapping::ScratchMapping(const std::filesystem::path& directory, std::int64_t bytes) : bytes_(bytes) {
  if (bytes == 0) return;
  file_ = create_nameless(directory);
  if (file_ < 0) fail(directory, bytes, errno);
  int number = reserve(file_, bytes);
  if (number == 0) {
    void* place = ::mmap(nullptr, static_cast<std::size_t>(bytes), PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0);
    if (place != MAP_FAILED) {
      data_ = static_cast<std::byte*>(place);
      watch(data_, bytes, directory);
      return;
    }
    number = errno;
  }
  ::close(file_);
  if (number == ENOMEM) fail_for_addresses(bytes);
  fail(directory, bytes, number);
}

ScratchMapping::~ScratchMapping() {
  if (data_) {
    watch_no_more(data_);
    ::munmap(data_, static_cast<std::size_t>(bytes_));
  }
  if (file_ >= 0) ::close(file_);
}

ScratchMapping::ScratchMapping(ScratchMapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)),
      file_(std::exchange(other.file_, -1)) {}

ScratchMapping& ScratchMapping::operator=(ScratchMapping&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  std::swap(file_, other.file_);
  return *this;
}

void ScratchMapping::release(std::int64_t begin, std::int64_t end) const {
  static const std::int64_t page = ::sysconf(_SC_PAGESIZE);
  // A fault maps the pages around it, too, of what was released before.
  begin = std::max<std::int64_t>(0, begin - mapped_around) / page * page;
  end = std::min(bytes_, end);
  if (begin < end) ::madvise(data_ + begin, static_cast<std::size_t>(end - begin), MADV_DONTNEED);
}

void ScratchMapping::read_ahead(std::int64_t begin, std::int64_t end) const {
  end = std::min(bytes_, end);
  if (begin < end) ::posix_fadvise(file_, begin, end - begin, POSIX_FADV_WILLNEED);
}

void ScratchMapping::write_back(std::int64_t begin, std::int64_t end) const {
  release(begin, end);  // the pages' changes are known to the file from here on
  if (begin < std::min(bytes_, end))
    ::sync_file_range(file_, begin, std::min(bytes_, end) - begin, SYNC_FILE_RANGE_WRITE);
}

bool is_in_memory(const std::filesystem::path& directory) {
  struct statfs facts {};
  if (::statfs(directory.c_str(), &facts) != 0) return false;
  const auto type = static_cast<unsigned long>(facts.f_type);
  return type == tmpfs_magic || type == ramfs_magic;
}

}  // namespace cardseg::io
