// The one function that says which segment a customer is in: for the portfolio of a fit and for new customers alike.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/core/option.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::segments {

/// What customers are scored with.
struct ScoreOptions {
  std::string model;  ///< model.json of a run
};

core::OptionTable describe(ScoreOptions& options);
/// Throws core::Error(usage) where no model is named.
void validate(const ScoreOptions& options);

/// The answers for some local rows; segments count from 0. 20 bytes a customer.
struct Scores {
  std::vector<std::int32_t> segment;
  std::vector<std::int32_t> second;      ///< the next nearest; -1 where there is one segment
  std::vector<double> squared_distance;  ///< to the segment's centroid, in feature space
  std::vector<float> margin;             ///< 1 - distance / second distance, 0 (on the border) to 1 (at the centroid)

  std::int64_t rows() const { return static_cast<std::int64_t>(segment.size()); }
};

/// Local. Appends the scores of all rows of a matrix, by the definition in double precision.
template <class T>
void append_scores(const portfolio::FeatureMatrix<T>& matrix, const cluster::Centroids& centroids, Scores& scores);

/// Collective. Reads, encodes and scores rank r's rows local_range(r, shards.rows(), size) in blocks of 256 Ki rows.
/// Throws comm::AgreedError(bad_data) for values that the model cannot encode. Precondition: `check_schema` passed.
Scores score_shards(const comm::Communicator& comm, const io::ShardSet& shards, const Model& model,
                    core::Events& events);

/// Customers and inertia of each segment over all ranks, exact.
struct SegmentTotals {
  std::vector<std::int64_t> customers;
  std::vector<double> inertia;
  double total_inertia = 0.0;
};

/// Collective.
SegmentTotals total_segments(const comm::Communicator& comm, const Scores& local_scores, int segments);

/// The final answer of a fit: centroids with the largest segment first, and the scores and totals they give.
struct FinalScores {
  cluster::Centroids centroids;
  Scores local_scores;
  SegmentTotals totals;
};

/// Collective. Scores this rank's customers and sorts the segments by the sizes that come out. Where a fit stopped before
/// its fixed point these are not the sizes of its last pass. Exact ties may move customers when numbers change: after
/// four rounds the order stands as it is.
template <class T>
FinalScores score_by_size(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                          cluster::Centroids centroids);

/// Collective. The exact sum of a raw column over each segment's customers; missing values count as 0.
std::vector<double> sum_by_segment(const comm::Communicator& comm, const Scores& local_scores, int segments,
                                   const std::vector<double>& local_raw);

}  // namespace cardseg::segments
