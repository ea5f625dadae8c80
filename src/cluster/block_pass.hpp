// One thread's part of a pass (assigner.hpp): blocks of tiles, one after another.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/screen.hpp"
#include "cardseg/cluster/segment_sums.hpp"
#include "cluster/customer_order.hpp"
#include "cluster/movement.hpp"
#include "cluster/neighbours.hpp"
#include "cluster/tile_bounds.hpp"

namespace cardseg::cluster {

/// What is done with a block beside finding segments: nothing; slack is sampled; bounds are used and renewed; the same, and
/// customers that were looked at change places.
enum class BlockMode { plain, sampled, bounded, bounded_ordering };

/// A measured customer.
struct Sample {
  std::int32_t segment;
  float slack;
};

/// What bounds did in a pass.
struct BlockTally {
  std::int64_t compared = 0;  ///< customers in tiles that were read
  std::int64_t needless = 0;  ///< of these, those that will not be in doubt after one more movement as the last
};

/// What all threads share.
template <class T>
struct PassInputs {
  portfolio::FeatureMatrix<T>& matrix;
  const Centroids& centroids;
  ScreenCentroids screened;
  const Neighbours& neighbours;
  const SumGrids& grids;
  const Movement& movement;
  TileBounds* bounds;  ///< null in modes without
  CustomerOrder& order;
  std::vector<std::int32_t>& labels;
};

template <class T>
class BlockPass {
 public:
  explicit BlockPass(const PassInputs<T>& inputs);

  void work(std::int64_t block, BlockMode mode);
  /// The definition decides what the screen left open so far.
  void decide_pending();
  /// Adds what this thread found; one thread at a time.
  void empty_into(SegmentSums& sums, PassCounts& counts, BlockTally& tally);
  void give_samples(std::vector<Sample>& samples) const {
    samples.insert(samples.end(), samples_.begin(), samples_.end());
  }

 private:
  void list_open_tiles(std::int64_t block);
  std::size_t group_at(std::int64_t first_tile, std::size_t first) const;
  std::span<const std::int32_t> candidates(std::int64_t first_tile, std::size_t first, std::size_t count) const;
  void compare(std::int64_t block, std::size_t first, std::size_t count, BlockMode mode);
  const float* screened_tile(std::int64_t tile, std::size_t slot);
  void take(std::int64_t tile, const std::int32_t* winner);
  void measure(std::int64_t tile, const std::int32_t* winner, const float* slack, const float* reach);
  std::int32_t note_bounds(std::int64_t tile, const std::int32_t* winner, const float* slack, const float* reach);
  void sample(std::int64_t tile, const std::int32_t* winner, const float* slack);
  std::int64_t rows_in(std::int64_t tile) const;
  void postpone(std::int64_t tile, int lane);
  void assign(const T* tile, int lane, std::int64_t place, std::int32_t winner);
  void reorder(std::int64_t block);
  template <class Key>
  void sort_stably(const std::vector<std::int32_t>& from, std::vector<std::int32_t>& into, int keys, Key key);

  const PassInputs<T>& in_;
  MoveAccumulator moves_;
  PassCounts counts_;
  BlockTally tally_;
  std::vector<Sample> samples_;
  std::vector<std::int32_t> open_;           // tiles of the block to be looked at, from its first
  portfolio::FeatureMatrix<float> rounded_;  // double features as the screen reads them
  portfolio::FeatureMatrix<T> pending_;      // a tile of customers that the definition decides
  std::vector<std::int64_t> pending_places_;
  std::vector<float> slack_;  // [place in block], of what was looked at
  std::vector<float> reach_;
  std::vector<std::int32_t> places_;
  std::vector<std::int32_t> sorted_;
  std::vector<std::int32_t> keys_;
  std::vector<std::int32_t> starts_;
};

}  // namespace cardseg::cluster
