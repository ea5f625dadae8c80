// The one checked seam over the HDF5 C library: handles that close themselves, errors with the library's own text.
#pragma once

#include <hdf5.h>

#include <filesystem>
#include <string>
#include <utility>

#include "cardseg/core/error.hpp"

namespace cardseg::io::hdf5 {

/// Once per process, before any other call: no atexit handler, no printed error stacks, no external links, no plugins.
/// Every function below calls it.
void start();

/// The innermost and outermost text of HDF5's error stack, which is cleared; empty where there is none.
std::string error_text();

/// Throws core::Error(`code`) with the call's name and `error_text()`.
[[noreturn]] void fail(core::ExitCode code, const char* call);

/// Passes `result` on; throws core::Error(io) where it is negative.
template <class Result>
Result check(Result result, const char* call) {
  if (result < 0) fail(core::ExitCode::io, call);
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
  void reset() noexcept {
    if (id_ >= 0) close_(id_);
    id_ = -1;
  }

 private:
  hid_t id_ = -1;
  Close close_ = nullptr;
};

}  // namespace cardseg::io::hdf5
