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

template <class T>
void append_block(const comm::Communicator& comm, const io::ShardSet& shards, const Model& model,
                  const cluster::Centroids& centroids, Range rows, std::span<portfolio::ColumnTally> tallies,
                  cluster::Scores& scores) {
  const auto matrix = portfolio::encode_rows<T>(comm, shards, model.columns, rows, tallies);
  comm::agree(comm, [&] { cluster::append_scores(matrix, centroids, scores); });
}

std::vector<portfolio::ColumnTally> tallies_for(const Model& model, std::int64_t customers) {
  std::vector<portfolio::ColumnTally> tallies;
  for (const portfolio::FeatureBlock& block : model.layout.blocks())
    tallies.emplace_back(model.columns[static_cast<std::size_t>(block.column)].facts, customers);
  return tallies;
}

}  // namespace

core::OptionTable describe(ScoreOptions& o) {
  return {"Model", {core::text(o.model, {"model", "FILE", core::Shapes::by_file, "model.json of a run directory"})}};
}

void validate(const ScoreOptions& options) {
  if (options.model.empty())
    throw core::Error(core::ExitCode::usage, core::field("model") + " is missing")
        .remedy("Name the model.json of a run");
}

ScoredShards score_shards(const comm::Communicator& comm, const io::ShardSet& shards, const Model& model,
                          core::Events& events) {
  const Range mine = core::local_range(comm.rank(), shards.rows(), comm.size());
  std::vector<portfolio::ColumnTally> tallies = tallies_for(model, shards.rows());
  const LiveSegments live = live_segments(model);
  ScoredShards scored;
  const auto score_block = [&](Range rows) {
    portfolio::with_precision(model.precision, [&]<class T>(std::type_identity<T>) {
      append_block<T>(comm, shards, model, live.centroids, rows, tallies, scored.local_scores);
    });
    events.progress("score", rows.end - mine.begin, mine.size());
  };
  core::for_each_block_of(comm.max(mine.size()), mine, score_block, block_rows);
  number_scores(live, scored.local_scores);
  for (const portfolio::ColumnTally& tally : tallies) scored.shifts.push_back(tally.total(comm));
  return scored;
}

}  // namespace cardseg::segments
