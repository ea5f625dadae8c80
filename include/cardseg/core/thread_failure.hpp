// Exceptions in parallel regions: one that leaves a thread, or a loop that threads share, ends the program.
#pragma once

#include <atomic>
#include <exception>
#include <utility>

namespace cardseg::core {

/// The first exception of the threads of a parallel region, to be thrown again behind it:
///
///     ThreadFailure failure;
///     #pragma omp parallel
///     {
///       std::vector<double> mine;
///       const bool is_ready = failure.guard([&] { mine.resize(count); });
///     #pragma omp for nowait
///       for (...)
///         if (is_ready) add(mine);
///     }
///     failure.rethrow();
class ThreadFailure {
 public:
  /// Does `work` unless a thread has failed before. False where it was not done, or not to its end.
  template <class Work>
  bool guard(Work&& work) noexcept {
    if (has_failed_.load(std::memory_order_relaxed)) return false;
    try {
      std::forward<Work>(work)();
      return true;
    } catch (...) {
      if (!has_failed_.exchange(true)) first_ = std::current_exception();
      return false;
    }
  }

  /// Behind the region.
  void rethrow() const {
    if (first_) std::rethrow_exception(first_);
  }

 private:
  std::atomic<bool> has_failed_ = false;
  std::exception_ptr first_;
};

}  // namespace cardseg::core
