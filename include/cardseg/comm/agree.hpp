// One rank's failure becomes the same error on all ranks, at the end of a phase.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/error.hpp"

namespace cardseg::comm {

/// An error that every rank throws together: ranks may finalise and return its code.
class AgreedError : public core::Error {
 public:
  explicit AgreedError(const core::Error& error) : core::Error(error) {}
};

/// Collective. Throws the failure of the lowest rank that has one, on every rank; returns where none has.
void throw_agreed(const Communicator& comm, const std::optional<core::Error>& local_failure);

/// The exception now being handled as a core::Error: an Error itself, out of memory (system), anything else (internal).
core::Error current_error();

/// Collective. Runs `local_work`, which must not communicate, and returns its result, or throws the same AgreedError on
/// all ranks if it failed on any.
template <class Work>
auto agree(const Communicator& comm, Work&& local_work) {
  using Result = std::invoke_result_t<Work>;
  std::optional<core::Error> failure;
  const auto note = [&] {
    failure = current_error();
    if (comm.size() > 1 && failure->place().rank < 0) failure->on_rank(comm.rank());
  };
  if constexpr (std::is_void_v<Result>) {
    try {
      std::forward<Work>(local_work)();
    } catch (...) {
      note();
    }
    throw_agreed(comm, failure);
  } else {
    std::optional<Result> result;
    try {
      result.emplace(std::forward<Work>(local_work)());
    } catch (...) {
      note();
    }
    throw_agreed(comm, failure);
    return std::move(*result);
  }
}

}  // namespace cardseg::comm
