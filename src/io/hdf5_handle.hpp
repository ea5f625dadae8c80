// The one checked seam over the HDF5 C library: handles that close themselves, errors with the library's own text.
#pragma once

#include <hdf5.h>

#include <filesystem>
#include <string>
#include <utility>

#include "cardseg/core/error.hpp"
#include "io/hdf5_guard.hpp"

namespace cardseg::io::hdf5 {

/// Once per process, before any other call: no atexit handler, no printed error stacks, no external links, no plugins,
/// a guard for crashes inside the library.
/// Every function below calls it.
void start();

/// What HDF5's error stack says.
struct Failure {
  std::string text;      ///< the system's text where the system failed, else the innermost and the outermost of HDF5's
  int error_number = 0;  ///< errno where the system failed, else 0
};

/// Takes the error stack and clears it. Any HDF5 call after the one that failed, also closing a handle, would clear it.
Failure take_failure();
/// HDF5 without memory must not look like a damaged file. Throws core::Error(system) where that is what failed.
void throw_if_out_of_memory(const Failure& failure);

/// Throws core::Error with the call's name and what HDF5 says: io, with a remedy, where the system failed; else `code`.
[[noreturn]] void fail(const char* call, core::ExitCode code = core::ExitCode::internal);

/// Passes `result` on; throws like `fail` where it is negative.
template <class Result>
Result check(Result result, const char* call) {
  if (result < 0) fail(call);
  return result;
}

/// A move-only owner of an hid_t with the function that closes it.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);

  Handle() = default;
  /// Throws like `check` where `id` is negative.
  Handle(hid_t id, Close close, const char* call) : id_(check(id, call)), close_(close) {}
  ~Handle() { reset(); }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      reset();
      id_ = std::exchange(other.id_, -1);
      close_ = other.close_;
    }
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  hid_t get() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }
  /// Closes and throws like `check` where that fails; afterwards nothing is owned either way.
  void close_checked(const char* call) {
    if (id_ >= 0) check(close_(std::exchange(id_, -1)), call);
  }
  void reset() noexcept {
    if (id_ >= 0 && !has_crashed()) close_(id_);
    id_ = -1;
  }

 private:
  hid_t id_ = -1;
  Close close_ = nullptr;
};

/// Properties to open or make a file: closing it closes all that is open in it.
Handle file_access(bool with_locks);
/// Opens a file for reading, locked where the file system can: one that has no locks, or none left, is read without.
/// Negative, with the `failure`, where it cannot be opened.
hid_t open_for_reading(const std::filesystem::path& path, Failure& failure);

}  // namespace cardseg::io::hdf5
