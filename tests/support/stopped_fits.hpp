// Fits that are stopped again and again, each job going on from the checkpoint of the one before.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cardseg/cluster/fit.hpp"
#include "support/make_matrix.hpp"
#include "support/world.hpp"

namespace cardseg::support {

// Stops fits after some iterations; keeps the last checkpoint as text, as a file would.
class StopAfter : public cluster::Checkpoints {
 public:
  explicit StopAfter(int iterations) : left_(iterations) {}
  cluster::CheckpointRequest request() override {
    // The last rank alone asks for it.
    if (--left_ <= 0 && world().rank() == world().size() - 1) return cluster::CheckpointRequest::stop;
    return cluster::CheckpointRequest::save;
  }
  void save(const cluster::FitProgress& progress, bool) override { text = cluster::to_json(progress); }
  std::string text = "[]";

 private:
  int left_;
};

// Every job does `iterations`, with another number of models sharing passes than the one before.
template <class T>
std::vector<cluster::FitResult> fit_in_jobs(const Rows& rows, const std::vector<cluster::FitOptions>& options,
                                            int iterations, int& jobs) {
  core::Events silent;
  std::string text = "[]";
  for (jobs = 1;; ++jobs) {
    auto matrix = make_matrix<T>(world(), rows);
    StopAfter checkpoints(iterations);
    try {
      return fit_each(world(), matrix, options, silent,
                      {&checkpoints, cluster::progress_from_json(text), 1 + jobs % 3});
    } catch (const core::Error& error) {
      EXPECT_EQ(error.code(), core::ExitCode::stopped);
      text = checkpoints.text;
    }
  }
}

}  // namespace cardseg::support
