#include "cardseg/segments/score.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "cardseg/cluster/nearest.hpp"
#include "cardseg/core/exact_sum.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/portfolio/exact_statistics.hpp"
#include "cardseg/portfolio/load.hpp"

namespace cardseg::segments {
namespace {

using core::Range;

constexpr std::int64_t tile_rows = 16;
constexpr std::int64_t block_rows = std::int64_t{1} << 18;

float margin_of(double nearest, double second) {
  if (!(second > 0) || std::isinf(second)) return second > 0 ? 1.0f : 0.0f;
  return static_cast<float>(1.0 - std::sqrt(nearest / second));
}

// Sums of value(i) by segment, each rounded to one grid and added exactly; totals over all ranks.
template <class Value>
std::vector<core::int128> exact_sums(const comm::Communicator& comm, const Scores& scores, int segments,
                                     const core::FixedPoint& grid, Value value) {
  std::vector<core::int128> sums(static_cast<std::size_t>(segments));
  for (std::int64_t i = 0; i < scores.rows(); ++i)
    sums[static_cast<std::size_t>(scores.segment[static_cast<std::size_t>(i)])] += grid.round(value(i));
  comm.allreduce_sum(std::span(sums));
  return sums;
}

template <class Value>
core::FixedPoint grid_for(const comm::Communicator& comm, const Scores& scores, Value value) {
  const double largest = comm.max(portfolio::local_max_magnitude(scores.rows(), value));
  return core::FixedPoint::for_values(largest, comm.sum(scores.rows()));
}

template <class T>
void append_block(const comm::Communicator& comm, const io::ShardSet& shards, const Model& model,
                  const std::vector<portfolio::ColumnEncoder>& encoders, Range rows, Scores& scores) {
  append_scores(portfolio::encode_rows<T>(comm, shards, encoders, rows), model.centroids, scores);
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

template <class T>
void append_scores(const portfolio::FeatureMatrix<T>& matrix, const cluster::Centroids& centroids, Scores& scores) {
  const auto base = static_cast<std::size_t>(scores.rows());
  const std::size_t size = base + static_cast<std::size_t>(matrix.rows());
  scores.segment.resize(size);
  scores.second.resize(size);
  scores.squared_distance.resize(size);
  scores.margin.resize(size);
#pragma omp parallel for schedule(static)
  for (std::int64_t t = 0; t < (matrix.rows() + tile_rows - 1) / tile_rows; ++t) {
    cluster::NearestTile answer;
    cluster::find_nearest(matrix.tile(t), centroids, answer);
    const std::int64_t rows = std::min(tile_rows, matrix.rows() - t * tile_rows);
    for (std::int64_t i = 0; i < rows; ++i) {
      const std::size_t at = base + static_cast<std::size_t>(t * tile_rows + i);
      scores.segment[at] = answer.first[i];
      scores.second[at] = answer.second[i];
      scores.squared_distance[at] = answer.first_distance[i];
      scores.margin[at] = margin_of(answer.first_distance[i], answer.second_distance[i]);
    }
    matrix.done_with(t);
  }
}

template void append_scores<float>(const portfolio::FeatureMatrix<float>&, const cluster::Centroids&, Scores&);
template void append_scores<double>(const portfolio::FeatureMatrix<double>&, const cluster::Centroids&, Scores&);

Scores score_shards(const comm::Communicator& comm, const io::ShardSet& shards, const Model& model,
                    core::Events& events) {
  const Range mine = core::local_range(comm.rank(), shards.rows(), comm.size());
  const std::vector<portfolio::ColumnEncoder> encoders = model.encoders();
  const std::int64_t blocks = (comm.max(mine.size()) + block_rows - 1) / block_rows;  // all ranks take part in each
  Scores scores;
  for (std::int64_t b = 0; b < blocks; ++b) {
    const Range rows{std::min(mine.begin + b * block_rows, mine.end),
                     std::min(mine.begin + (b + 1) * block_rows, mine.end)};
    if (model.precision == Precision::float32) {
      append_block<float>(comm, shards, model, encoders, rows, scores);
    } else {
      append_block<double>(comm, shards, model, encoders, rows, scores);
    }
    events.progress("score", std::min((b + 1) * block_rows, mine.size()), mine.size());
  }
  return scores;
}

SegmentTotals total_segments(const comm::Communicator& comm, const Scores& local_scores, int segments) {
  const auto squared = [&](std::int64_t i) { return local_scores.squared_distance[static_cast<std::size_t>(i)]; };
  const core::FixedPoint grid = grid_for(comm, local_scores, squared);
  const std::vector<core::int128> sums = exact_sums(comm, local_scores, segments, grid, squared);
  SegmentTotals totals;
  totals.customers.resize(static_cast<std::size_t>(segments));
  for (std::int32_t segment : local_scores.segment) ++totals.customers[static_cast<std::size_t>(segment)];
  comm.allreduce_sum(std::span(totals.customers));
  core::int128 all = 0;
  for (core::int128 sum : sums) {
    totals.inertia.push_back(grid.value(sum));
    all += sum;
  }
  totals.total_inertia = grid.value(all);
  return totals;
}

template <class T>
FinalScores score_by_size(const comm::Communicator& comm, const portfolio::FeatureMatrix<T>& matrix,
                          cluster::Centroids centroids) {
  for (int round = 1;; ++round) {
    Scores scores;
    append_scores(matrix, centroids, scores);
    SegmentTotals totals = total_segments(comm, scores, centroids.segments);
    if (std::ranges::is_sorted(totals.customers, std::greater<>()) || round == 4)
      return {std::move(centroids), std::move(scores), std::move(totals)};
    centroids = cluster::sorted_by_size(centroids, totals.customers);
  }
}

template FinalScores score_by_size<float>(const comm::Communicator&, const portfolio::FeatureMatrix<float>&,
                                          cluster::Centroids);
template FinalScores score_by_size<double>(const comm::Communicator&, const portfolio::FeatureMatrix<double>&,
                                           cluster::Centroids);

std::vector<double> sum_by_segment(const comm::Communicator& comm, const Scores& local_scores, int segments,
                                   const std::vector<double>& local_raw) {
  const auto value = [&](std::int64_t i) {
    const double raw = local_raw[static_cast<std::size_t>(i)];
    return std::isnan(raw) ? 0.0 : raw;
  };
  const core::FixedPoint grid = grid_for(comm, local_scores, value);
  std::vector<double> totals;
  for (core::int128 sum : exact_sums(comm, local_scores, segments, grid, value)) totals.push_back(grid.value(sum));
  return totals;
}

}  // namespace cardseg::segments
