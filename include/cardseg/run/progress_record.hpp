// progress.json: how far a job is, while it is at work.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cardseg/core/events.hpp"
#include "cardseg/io/owner_lock.hpp"

namespace cardseg::run {

/// How far a job is at one moment.
struct Progress {
  io::Owner owner;
  std::string time;  ///< UTC
  int ranks = 1;
  int threads = 1;    ///< of each rank
  std::string phase;  ///< empty: none has begun
  double phase_s = 0.0;
  std::int64_t done = 0;
  std::int64_t total = 0;  ///< units of the phase; 0: unknown
  std::string detail;      ///< for people
  /// Figures of the phase by name: of a fit segments, restart, restarts, iteration, inertia, moved.
  std::vector<std::pair<std::string, std::variant<std::int64_t, double>>> facts;
  std::int64_t peak_memory_bytes = 0;  ///< of rank 0

  /// 0 to 1; negative: unknown.
  double share() const;
  /// Until the end of the phase, where the rest of it goes as fast; negative: unknown.
  double left_s() const;
};

std::string to_json(const Progress& progress);
/// Throws core::Error(bad_data) where the text is something else.
Progress progress_record_from_json(const std::string& text);

/// Hears of a job's progress. Thread-safe.
class ProgressRecord : public core::Events {
 public:
  /// `begun`: what stays as it is.
  explicit ProgressRecord(Progress begun) : now_(std::move(begun)) {}

  void progress(std::string_view phase, std::int64_t done, std::int64_t total, std::string_view detail = {},
                std::span<const core::Fact> facts = {}) override;
  /// Of this moment.
  Progress now() const;

 private:
  mutable std::mutex mutex_;
  Progress now_;
  std::chrono::steady_clock::time_point phase_start_ = std::chrono::steady_clock::now();
};

}  // namespace cardseg::run
