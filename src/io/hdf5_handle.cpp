#include "io/hdf5_handle.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string_view>

#include "io/hdf5_texts.hpp"

namespace cardseg::io::hdf5 {
namespace {

// The number after "errno = " in a text of HDF5's file driver, 0 where there is none.
int error_number_in(const std::string& text) {
  constexpr std::string_view mark = "errno = ";
  const std::size_t at = text.find(mark);
  return at == std::string::npos ? 0 : std::atoi(text.c_str() + at + mark.size());
}

// Keeps the text of the first (innermost) and the last (outermost) frame, and the system's error number.
herr_t collect(unsigned depth, const H5E_error2_t* frame, void* out) {
  auto& failure = *static_cast<Failure*>(out);
  const std::string description = frame->desc ? frame->desc : "";
  if (description.empty()) return 0;
  if (failure.error_number == 0) failure.error_number = error_number_in(description);
  failure.text = depth == 0 ? description : failure.text.substr(0, failure.text.find(" (")) + " (" + description + ")";
  return 0;
}

// What a file system says that has no locks; 524 is the kernel's ENOTSUPP, which some let out. A file that is open
// without locks is opened again as it was.
bool is_about_locks(const Failure& failure) {
  const int number = failure.error_number;
  return number == ENOLCK || number == EOPNOTSUPP || number == 524 ||
         failure.text.find("file locking flag values don't match") != std::string::npos;
}

const char* advice_for(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT: return "Free some space or write elsewhere, and run again";
    case EFBIG: return "Write more, smaller shards, or raise the limit on file sizes (ulimit -f)";
    default: return "Check the disk or file system, and run again";
  }
}

}  // namespace

void start() {
  static std::once_flag once;
  std::call_once(once, [] {
    H5dont_atexit();  // closing at exit crashes after a failed write
    H5open();
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    H5PLset_loading_state(0);
    H5Lunregister(H5L_TYPE_EXTERNAL);
    register_references();
    install_guard();
    H5Eclear2(H5E_DEFAULT);
  });
}

Failure take_failure() {
  Failure failure;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect, &failure);
  H5Eclear2(H5E_DEFAULT);
  if (failure.error_number != 0) failure.text = std::strerror(failure.error_number);
  return failure;
}

void throw_if_out_of_memory(const Failure& failure) {
  if (failure.error_number != 0 || failure.text.find("memory allocation failed") == std::string::npos) return;
  core::Error error(core::ExitCode::system, "out of memory");
  throw error.remedy("Use more ranks on more nodes, or ask for more memory");
}

void fail(const char* call, core::ExitCode code) {
  const Failure failure = take_failure();
  throw_if_out_of_memory(failure);
  const std::string reason = std::string(call) + " failed" + (failure.text.empty() ? "" : ": " + failure.text);
  if (failure.error_number == 0) throw core::Error(code, reason);
  core::Error error(core::ExitCode::io, reason);
  throw error.remedy(advice_for(failure.error_number));
}

Handle file_access(bool with_locks) {
  start();
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "H5Pcreate");
  check(H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG), "H5Pset_fclose_degree");
#if H5_VERSION_GE(1, 10, 7) && !(H5_VERSION_GE(1, 12, 0) && !H5_VERSION_GE(1, 12, 1))
  check(H5Pset_file_locking(access.get(), with_locks, true), "H5Pset_file_locking");
#endif
  return access;
}

hid_t open_for_reading(const std::filesystem::path& path, Failure& failure) {
  for (const bool with_locks : {true, false}) {
    const Handle access = file_access(with_locks);
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get());
    if (file >= 0) return file;
    failure = take_failure();
    if (!is_about_locks(failure)) break;
  }
  return H5I_INVALID_HID;
}

}  // namespace cardseg::io::hdf5
