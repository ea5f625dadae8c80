#include "cardseg/cli/phases.hpp"

#include <sys/resource.h>

namespace cardseg::cli {

void Phases::begin(const std::string& name) {
  end();
  current_ = name;
  start_ = std::chrono::steady_clock::now();
  if (told_) told_->progress(name, 0, 0);
}

void Phases::end() {
  if (current_.empty()) return;
  add(current_, std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count());
  current_.clear();
}

void Phases::add(const std::string& name, double elapsed_s) { done_.push_back({name, elapsed_s}); }

std::vector<core::PhaseTime> Phases::summary(const comm::Communicator& comm) const {
  std::vector<core::PhaseTime> times;
  for (const Local& phase : done_) {
    double total_s = 0.0;
    for (double each_s : comm.allgather(phase.elapsed_s)) total_s += each_s;
    times.push_back({phase.name, comm.min(phase.elapsed_s), total_s / comm.size(), comm.max(phase.elapsed_s)});
  }
  return times;
}

std::int64_t peak_memory_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;  // Linux counts in KiB
}

}  // namespace cardseg::cli
