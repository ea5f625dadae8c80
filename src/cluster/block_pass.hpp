// One thread's part of a pass (assigner.hpp): blocks of tiles, one after another.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/screen.hpp"
#include "cardseg/cluster/segment_sums.hpp"
#include "cluster/counting_sort.hpp"
#include "cluster/customer_order.hpp"
#include "cluster/doubt_order.hpp"
#include "cluster/movement.hpp"
#include "cluster/open_customers.hpp"
#include "cluster/tile_bounds.hpp"

namespace cardseg::cluster {

/// What is done with a block beside finding segments: nothing; slack is sampled; customers that were looked at change
/// places, and bounds of their tiles are forgotten; bounds are used and renewed.
enum class BlockMode { plain, sampled, ordering, bounded };

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
  const SumGrids& grids;
  const Movement& movement;
  TileBounds* bounds;  ///< null: nothing is known of any tile
  CustomerOrder& order;
  std::vector<std::int32_t>& labels;
  bool fetches;  ///< tiles are fetched ahead: by one of the models that read them together
};

template <class T>
class BlockPass {
 public:
  explicit BlockPass(const PassInputs<T>& inputs);

  void work(std::int64_t block, BlockMode mode);
  /// Plain work of several models on the same matrix: four tiles at a time serve all of them.
  static void work_together(std::int64_t block, std::span<BlockPass> models);
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
  void list_candidates(std::int64_t first_tile, std::size_t first, std::size_t count);
  void compare(std::int64_t block, std::size_t first, std::size_t count, BlockMode mode);
  const float* screened_tile(std::int64_t tile, std::size_t slot);
  void reassign(std::int64_t tile, std::uint32_t changed, std::uint32_t unsettled, const std::int32_t* winner);
  void note_gaps(std::int64_t tile, const std::int32_t* winner, const float* gaps);
  void tally(std::int64_t tile, const std::int32_t* winner, const float* slack);
  void sample(std::int64_t tile, const std::int32_t* winner, const float* slack);
  std::int64_t rows_in(std::int64_t tile) const;
  void postpone(std::int64_t place);
  auto assigning() {
    return
        [this](const T* tile, int lane, std::int64_t place, std::int32_t winner) { assign(tile, lane, place, winner); };
  }
  void assign(const T* tile, int lane, std::int64_t place, std::int32_t winner);
  void move_those_noted();
  void reorder(std::int64_t block);

  const PassInputs<T>& in_;
  MoveAccumulator moves_;
  std::vector<Mover<T>> movers_;  // of this block, not yet in moves_
  PassCounts counts_;
  BlockTally tally_;
  std::vector<Sample> samples_;
  std::vector<std::int32_t> open_;           // tiles of the block to be looked at, from its first
  portfolio::FeatureMatrix<float> rounded_;  // double features as the screen reads them
  OpenCustomers<T> pending_;                 // customers that the definition decides
  std::vector<std::int32_t> candidates_;
  std::vector<std::uint64_t> open_groups_of_;  // [tile in block]: bits of groups
  std::uint64_t open_groups_ = 0;              // of the tiles that are compared now
  std::vector<float> gaps_;                    // [tile][open group]
  portfolio::FeatureMatrix<float> scores_;     // 64 to a candidate
  DoubtOrder doubt_;                           // of the block's customers
  std::vector<std::int32_t> sorted_;
  CountingSort sort_;
};

}  // namespace cardseg::cluster
