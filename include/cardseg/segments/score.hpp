// Scores new customers with a model: raw values, the model's own encoders, the definition of a customer's segment.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/core/option.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/column_tally.hpp"
#include "cardseg/segments/model.hpp"
#include "cardseg/segments/reasons.hpp"

namespace cardseg::segments {

/// What customers are scored with.
struct ScoreOptions {
  std::string model;  ///< model.json of a run
  ReasonOptions reasons;
};

core::OptionTable describe(ScoreOptions& options);
/// Throws core::Error(usage), also where no model is named.
void validate(const ScoreOptions& options);

/// The answers for this rank's customers, and how all customers compare with those of the fit.
struct ScoredShards {
  cluster::Scores local_scores;
  std::vector<portfolio::ColumnShift> shifts;  ///< one for each block of the model's features
  std::vector<ReasonColumn> local_reasons;     ///< where reasons are asked for
};

/// Sees this rank's customers on their way to a segment, block of rows by block of rows. Local; what it throws is
/// agreed.
class ScoringObserver {
 public:
  ScoringObserver() = default;
  virtual ~ScoringObserver() = default;
  ScoringObserver(const ScoringObserver&) = delete;
  ScoringObserver& operator=(const ScoringObserver&) = delete;

  /// The raw values of a block of the model's features; NaN is missing.
  virtual void see_raw(std::size_t block, std::span<const double> raw) = 0;
  /// The features of the same rows, once all blocks were seen.
  virtual void see_features(const portfolio::FeatureMatrix<float>& features) = 0;
  virtual void see_features(const portfolio::FeatureMatrix<double>& features) = 0;
  /// The scores of these global rows begin at `first`.
  virtual void see_scores(core::Range rows, const cluster::Scores& scores, std::size_t first) = 0;
};

/// Collective. Reads, encodes and scores rank r's rows local_range(r, shards.rows(), size) in blocks of 256 Ki rows.
/// Throws comm::AgreedError(bad_data) for values that the model cannot encode. Precondition: `check_schema` passed.
ScoredShards score_shards(const comm::Communicator& comm, const io::ShardSet& shards, const Model& model,
                          core::Events& events, const ReasonOptions& reasons = {}, ScoringObserver* observer = nullptr);

}  // namespace cardseg::segments
