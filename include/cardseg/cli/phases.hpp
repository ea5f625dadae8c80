// How long each phase of a job took, over all ranks.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/core/phase_time.hpp"

namespace cardseg::cli {

/// Phases follow one another: beginning one ends the one before.
class Phases {
 public:
  Phases() = default;
  /// `told` hears of each phase that begins, as of progress in it; outlives this.
  explicit Phases(core::Events& told) : told_(&told) {}

  void begin(const std::string& name);
  void end();
  /// A phase measured elsewhere.
  void add(const std::string& name, double elapsed_s);

  /// Collective: all ranks went through the same phases.
  std::vector<core::PhaseTime> summary(const comm::Communicator& comm) const;

 private:
  struct Local {
    std::string name;
    double elapsed_s;
  };
  core::Events* told_ = nullptr;
  std::vector<Local> done_;
  std::string current_;
  std::chrono::steady_clock::time_point start_;
};

/// Largest resident memory of this process so far, in bytes.
std::int64_t peak_memory_bytes();

}  // namespace cardseg::cli
