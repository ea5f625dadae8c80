#include "cardseg/comm/session.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>

#include "cardseg/core/error.hpp"
#include "comm/handle.hpp"
#include "comm/mpi_check.hpp"

namespace cardseg::comm {
namespace {

// With less, Open MPI 4.1 ends by a signal or a code of its own in MPI_Init: seen up to 262 MB with one rank and 290 MB
// with eight.
constexpr rlim_t least_address_space = 300'000'000;

void check_address_space() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur >= least_address_space) return;  // RLIM_INFINITY is larger
  throw core::Error(core::ExitCode::system,
                    fmt::format("the limit on addresses (ulimit -v) is {} MB a process; MPI needs {} MB to start",
                                limit.rlim_cur / 1'000'000, least_address_space / 1'000'000))
      .remedy("Raise it: ulimit -v unlimited");
}

}  // namespace

Session::Session(int& argc, char**& argv) {
  check_address_space();
  int provided = MPI_THREAD_SINGLE;
  check_mpi(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
  check_mpi(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
}

Session::~Session() { MPI_Finalize(); }

Communicator Session::world() const {
  Communicator world;
  world.handle_ = std::make_shared<const Communicator::Handle>(MPI_COMM_WORLD, false);
  check_mpi(MPI_Comm_rank(MPI_COMM_WORLD, &world.rank_), "MPI_Comm_rank");
  check_mpi(MPI_Comm_size(MPI_COMM_WORLD, &world.size_), "MPI_Comm_size");
  if (world.size_ == 1) world.handle_ = nullptr;
  return world;
}

void Session::abort(int exit_code) {
  MPI_Abort(MPI_COMM_WORLD, exit_code);
  std::_Exit(exit_code);
}

bool is_launched() {
  // Open MPI's mpirun; MPICH's Hydra and srun --mpi=pmi2; any launcher that speaks PMIx.
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK"})
    if (std::getenv(name)) return true;
  return false;
}

std::string library_version() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  check_mpi(MPI_Get_library_version(text, &length), "MPI_Get_library_version");
  const std::string full(text, static_cast<std::size_t>(length));
  return full.substr(0, full.find(','));
}

bool is_running() {
  int is_initialised = 0;
  int is_finalised = 0;
  MPI_Initialized(&is_initialised);
  MPI_Finalized(&is_finalised);
  return is_initialised && !is_finalised;
}

bool supports_threads() {
  int provided = MPI_THREAD_FUNNELED;
  if (is_running()) check_mpi(MPI_Query_thread(&provided), "MPI_Query_thread");
  return provided >= MPI_THREAD_FUNNELED;
}

double clock_s() {
  if (is_running()) return MPI_Wtime();
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string processor_name() {
  char text[MPI_MAX_PROCESSOR_NAME];
  int length = 0;
  check_mpi(MPI_Get_processor_name(text, &length), "MPI_Get_processor_name");
  return {text, static_cast<std::size_t>(length)};
}

}  // namespace cardseg::comm
