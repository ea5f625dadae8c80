#include "cardseg/segments/score.hpp"

#include <algorithm>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/row_blocks.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/segments/retired_segments.hpp"

namespace cardseg::segments {
namespace {

using core::Range;

constexpr std::int64_t block_rows = std::int64_t{1} << 18;

struct Scoring {
  const comm::Communicator& comm;
  const io::ShardSet& shards;
  const Model& model;
  const LiveSegments& live;
  const Reasoner& reasoner;
  ScoringObserver* observer;
};

template <class T>
void append_block(const Scoring& work, Range rows, std::span<portfolio::ColumnTally> tallies, ScoredShards& scored) {
  const auto see_raw = [&](std::size_t block, std::span<const double> raw) {
    tallies[block].add(raw);
    if (work.observer) work.observer->see_raw(block, raw);
  };
  const auto matrix = portfolio::encode_rows<T>(work.comm, work.shards, work.model.columns, rows, see_raw);
  comm::agree(work.comm, [&] {
    const std::int64_t first = scored.local_scores.rows();
    cluster::append_scores(matrix, work.live.centroids, scored.local_scores);
    number_scores(work.live, scored.local_scores, first);
    if (work.reasoner.options().are_any())
      append_reasons(work.reasoner, matrix, scored.local_scores, first, scored.local_reasons);
    if (!work.observer) return;
    work.observer->see_features(matrix);
    work.observer->see_scores(rows, scored.local_scores, static_cast<std::size_t>(first));
  });
}

std::vector<portfolio::ColumnTally> tallies_for(const Model& model, std::int64_t customers) {
  std::vector<portfolio::ColumnTally> tallies;
  for (const portfolio::FeatureBlock& block : model.layout.blocks())
    tallies.emplace_back(model.columns[static_cast<std::size_t>(block.column)].facts, customers);
  return tallies;
}

}  // namespace

core::OptionTable describe(ScoreOptions& o) {
  return core::merged(
      "Model", {{"", {core::text(o.model, {"model", "FILE", core::Shapes::by_file, "model.json of a run directory"})}},
                describe(o.reasons)});
}

void validate(const ScoreOptions& options) {
  if (options.model.empty())
    throw core::Error(core::ExitCode::usage, core::field("model") + " is missing")
        .remedy("Name the model.json of a run");
  validate(options.reasons);
}

ScoredShards score_shards(const comm::Communicator& comm, const io::ShardSet& shards, const Model& model,
                          core::Events& events, const ReasonOptions& reasons, ScoringObserver* observer) {
  const Reasoner reasoner = comm::agree(comm, [&] { return Reasoner(model, reasons); });
  const LiveSegments live = live_segments(model);
  const Scoring work{comm, shards, model, live, reasoner, observer};
  const Range mine = core::local_range(comm.rank(), shards.rows(), comm.size());
  std::vector<portfolio::ColumnTally> tallies = tallies_for(model, shards.rows());
  ScoredShards scored;
  scored.local_reasons = reason_columns(reasoner);
  const auto score_block = [&](Range rows) {
    portfolio::with_precision(model.precision,
                              [&]<class T>(std::type_identity<T>) { append_block<T>(work, rows, tallies, scored); });
    events.progress("score", rows.end - mine.begin, mine.size());
  };
  core::for_each_block_of(comm.max(mine.size()), mine, score_block, block_rows);
  for (const portfolio::ColumnTally& tally : tallies) scored.shifts.push_back(tally.total(comm));
  return scored;
}

}  // namespace cardseg::segments
