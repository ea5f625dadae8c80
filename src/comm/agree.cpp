#include "cardseg/comm/agree.hpp"

#include <new>
#include <string>

#include "cardseg/comm/interruption.hpp"

namespace cardseg::comm {

core::Error current_error() {
  try {
    throw;
  } catch (const core::Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    core::Error error(core::ExitCode::system, "out of memory");
    error.remedy("Use more ranks on more nodes, or ask for more memory");
    return error;
  } catch (const std::exception& error) {
    return core::Error(core::ExitCode::internal, error.what());
  } catch (...) {
    return core::Error(core::ExitCode::internal, "unknown exception");
  }
}

void throw_agreed(const Communicator& comm, const std::optional<core::Error>& failure) {
  const std::optional<core::Error> local_failure = failure ? failure : asked_interruption();
  const auto nobody = static_cast<std::int64_t>(comm.size());
  const std::int64_t first_failed = comm.min(local_failure ? std::int64_t{comm.rank()} : nobody);
  if (first_failed == nobody) return;
  std::string packed = local_failure ? local_failure->packed() : std::string();
  comm.broadcast(packed, static_cast<int>(first_failed));
  throw AgreedError(core::Error::unpacked(packed));
}

}  // namespace cardseg::comm
