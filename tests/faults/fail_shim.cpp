// A preloaded library that fails one call of one rank, as a full or broken disk does, or ends the rank there:
//   CARDSEG_FAULT=1:write:7:28    the 7th write of rank 1 on a file below CARDSEG_FAULT_BELOW fails with errno 28
//   CARDSEG_FAULT=1:mpi:7:0       rank 1 is killed (SIGKILL) instead of making its 7th call to MPI
//   CARDSEG_FAULT=1:hdf5:7:11     rank 1 gets signal 11 inside its 7th call of HDF5 (of those below)
//   CARDSEG_FAULT_MARK=file       is made when that happens
// Calls: open, read, write, fsync, rename, mkdir; flock: that one and all behind it; mpi: those that cardseg makes
// between MPI_Init_thread and MPI_Finalize, both included, wherever they lie; new: what C++ allocates once MPI has
// started, from 1 KiB on (nlohmann_json allocates less than that where it must not throw). Processes that
// no launcher numbered are rank 0 alone.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

namespace {

struct Fault {
  std::string call;
  long number = 0;
  int error = 0;
  std::string below;
  std::string mark;
};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

Fault fault_of_this_rank() {
  const std::string text = variable("CARDSEG_FAULT");
  const std::string rank = variable("OMPI_COMM_WORLD_RANK");
  Fault fault;
  if (text.empty() || text.substr(0, text.find(':')) != (rank.empty() ? "0" : rank)) return fault;
  const std::size_t call = text.find(':') + 1;
  const std::size_t number = text.find(':', call) + 1;
  const std::size_t error = text.find(':', number) + 1;
  fault.call = text.substr(call, number - call - 1);
  fault.number = std::atol(text.c_str() + number);
  fault.error = std::atoi(text.c_str() + error);
  fault.below = variable("CARDSEG_FAULT_BELOW");
  fault.mark = variable("CARDSEG_FAULT_MARK");
  return fault;
}

template <class Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

std::atomic<long> calls{0};
std::atomic<bool> has_started{false};  // MPI

const Fault& fault_here() {
  static const Fault fault = fault_of_this_rank();
  return fault;
}

bool is_meant(const char* call, const char* path) {
  const Fault& fault = fault_here();
  if (fault.number == 0 || fault.call != call) return false;
  return *path == '\0' || std::strncmp(path, fault.below.c_str(), fault.below.size()) == 0;
}

bool fails(const char* call, const char* path) {
  const Fault& fault = fault_here();
  if (!is_meant(call, path) || ++calls != fault.number) return false;
  ::close(real<int (*)(const char*, int, ...)>("open")(fault.mark.c_str(), O_WRONLY | O_CREAT, 0600));
  if (fault.error == 0) ::kill(::getpid(), SIGKILL);
  errno = fault.error;
  return true;
}

std::string path_of(int descriptor) {
  char path[4096] = "";
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const int before = errno;
  if (::readlink(link.c_str(), path, sizeof path - 1) < 0) path[0] = '\0';
  errno = before;
  return path;
}

bool fails(const char* call, int descriptor) { return fails(call, path_of(descriptor).c_str()); }

bool fails_from(const char* call, int descriptor) {
  if (!is_meant(call, path_of(descriptor).c_str()) || ++calls < fault_here().number) return false;
  errno = fault_here().error;
  return true;
}

}  // namespace

#define CARDSEG_OPEN(name)                                                 \
  int name(const char* path, int flags, ...) {                             \
    std::va_list more;                                                     \
    va_start(more, flags);                                                 \
    const auto mode = static_cast<mode_t>(va_arg(more, int));              \
    va_end(more);                                                          \
    if (fails("open", path)) return -1;                                    \
    return real<int (*)(const char*, int, ...)>(#name)(path, flags, mode); \
  }
#define CARDSEG_MOVE(name, call, Bytes, ...)                                                                          \
  ssize_t name(int file, Bytes bytes, size_t count __VA_OPT__(, off_t offset)) {                                      \
    if (fails(call, file)) return -1;                                                                                 \
    return real<ssize_t (*)(int, Bytes, size_t __VA_OPT__(, off_t))>(#name)(file, bytes, count __VA_OPT__(, offset)); \
  }

// Arguments of MPI's functions are words: up to six in registers, the others on the stack, where more than the function
// has do no harm.
using Word = std::intptr_t;
#define CARDSEG_MPI(name)                                                            \
  int name(Word a, Word b, Word c, Word d, Word e, Word f, Word g, Word h, Word i) { \
    fails("mpi", "");                                                                \
    using Call = int (*)(Word, Word, Word, Word, Word, Word, Word, Word, Word);      \
    const int result = real<Call>(#name)(a, b, c, d, e, f, g, h, i);                 \
    has_started = true;                                                              \
    return result;                                                                   \
  }

// A signal inside the library, which this file is as far as the program can tell.
#define CARDSEG_HDF5(name)                                             \
  std::int64_t name(Word a, Word b, Word c, Word d, Word e, Word f) {  \
    if (fails("hdf5", "")) std::raise(fault_here().error);             \
    using Call = std::int64_t (*)(Word, Word, Word, Word, Word, Word); \
    return real<Call>(#name)(a, b, c, d, e, f);                        \
  }

void* operator new(std::size_t bytes) {
  const bool is_meant = has_started && bytes >= 1024;
  void* memory = is_meant && fails("new", "") ? nullptr : std::malloc(bytes > 0 ? bytes : 1);
  if (!memory) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

extern "C" {
CARDSEG_MPI(MPI_Init_thread)
CARDSEG_MPI(MPI_Finalize)
CARDSEG_MPI(MPI_Allreduce)
CARDSEG_MPI(MPI_Exscan)
CARDSEG_MPI(MPI_Bcast)
CARDSEG_MPI(MPI_Allgather)
CARDSEG_MPI(MPI_Allgatherv)
CARDSEG_MPI(MPI_Alltoall)
CARDSEG_MPI(MPI_Alltoallv)
CARDSEG_MPI(MPI_Barrier)
CARDSEG_MPI(MPI_Send)
CARDSEG_MPI(MPI_Recv)

CARDSEG_HDF5(H5Fopen)
CARDSEG_HDF5(H5Literate)
CARDSEG_HDF5(H5Dopen2)
CARDSEG_HDF5(H5Dread)
CARDSEG_HDF5(H5Dread_chunk)
CARDSEG_HDF5(H5Dget_chunk_info_by_coord)

CARDSEG_OPEN(open)
CARDSEG_OPEN(open64)
CARDSEG_MOVE(read, "read", void*)
CARDSEG_MOVE(pread, "read", void*, at)
CARDSEG_MOVE(pread64, "read", void*, at)
CARDSEG_MOVE(write, "write", const void*)
CARDSEG_MOVE(pwrite, "write", const void*, at)
CARDSEG_MOVE(pwrite64, "write", const void*, at)

int fsync(int file) { return fails("fsync", file) ? -1 : real<int (*)(int)>("fsync")(file); }
int rename(const char* from, const char* to) {
  return fails("rename", from) ? -1 : real<int (*)(const char*, const char*)>("rename")(from, to);
}
// Every one from the given number on: a file system that has no locks has none for anybody.
int lock_file(int file, int operation) __asm__("flock");  // a struct has that name
int lock_file(int file, int operation) {
  return fails_from("flock", file) ? -1 : real<int (*)(int, int)>("flock")(file, operation);
}
int mkdir(const char* path, mode_t mode) {
  return fails("mkdir", path) ? -1 : real<int (*)(const char*, mode_t)>("mkdir")(path, mode);
}
}
