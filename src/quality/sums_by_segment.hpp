// Integer sums by segment for several segmentations: what threads and ranks add.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/exact_sum.hpp"

namespace cardseg::quality {

class SumsBySegment {
 public:
  /// Nothing yet, for segmentations with these numbers of segments.
  explicit SumsBySegment(const std::vector<int>& segments) {
    for (int k : segments) sums_.emplace_back(static_cast<std::size_t>(k));
  }

  void add(std::size_t segmentation, std::int32_t segment, std::int64_t rounded) {
    sums_[segmentation][static_cast<std::size_t>(segment)] += rounded;
  }
  void add(const SumsBySegment& other) {
    for (std::size_t m = 0; m < sums_.size(); ++m)
      for (std::size_t j = 0; j < sums_[m].size(); ++j) sums_[m][j] += other.sums_[m][j];
  }
  /// Collective.
  void reduce(const comm::Communicator& comm) {
    for (std::vector<core::int128>& each : sums_) comm.allreduce_sum(std::span(each));
  }
  const std::vector<core::int128>& of(std::size_t segmentation) const { return sums_[segmentation]; }

 private:
  std::vector<std::vector<core::int128>> sums_;
};

}  // namespace cardseg::quality
