// Sees customers while they are scored, and counts them in the cells of a baseline.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cardseg/core/fine_grid.hpp"
#include "cardseg/core/philox.hpp"
#include "cardseg/monitor/month.hpp"

namespace cardseg::monitor {

/// Errors of reconstruction, added exactly.
class ErrorTally {
 public:
  /// `rows`: of all ranks. `space` outlives this.
  ErrorTally(const profile::PrincipalSpace& space, std::int64_t rows);

  template <class T>
  void add(const portfolio::FeatureMatrix<T>& features);
  /// Collective.
  Reconstruction total(const comm::Communicator& comm) const;

 private:
  template <class T>
  double error_of(const portfolio::FeatureMatrix<T>& features, std::int64_t row) const;

  const profile::PrincipalSpace& space_;
  core::RowRandom random_;
  std::optional<std::uint64_t> limit_;  // of a row's own bits; none: all rows are looked at
  double most_;
  core::FineGrid grid_;
  core::FineGrid square_grid_;
  std::int64_t customers_ = 0;
  core::int128 sum_ = 0;
  core::int128 squares_ = 0;
};

/// BaselineColumn::cell_of of many values: the bin of a number takes five comparisons and no branch.
class CellSearch {
 public:
  explicit CellSearch(const profile::BaselineColumn& column);

  std::uint16_t of(double raw) const {
    if (is_category_) return std::isnan(raw) ? 0 : static_cast<std::uint16_t>(1.0 + raw);
    const double* edge = edges_.data();  // at the end behind all that are below `raw`
    for (const std::size_t step : {16, 8, 4, 2, 1}) edge += edge[step - 1] < raw ? step : 0;
    const auto bin = static_cast<std::uint16_t>(profile::BaselineColumn::first_cell + (edge - edges_.data()));
    const std::uint16_t cell = raw == 0.0 ? profile::BaselineColumn::zero_cell : bin;
    return std::isnan(raw) ? profile::BaselineColumn::missing_cell : cell;
  }

 private:
  bool is_category_;
  std::array<double, 32> edges_;  // infinite behind the column's own
};

class MonthCounter : public segments::ScoringObserver {
 public:
  /// Local. All outlive this.
  MonthCounter(const io::ShardSet& shards, const segments::Model& model);

  void see_raw(std::size_t block, std::span<const double> raw) override;
  void see_features(const portfolio::FeatureMatrix<float>& features) override;
  void see_features(const portfolio::FeatureMatrix<double>& features) override;
  void see_scores(core::Range rows, const cluster::Scores& scores, std::size_t first) override;

  /// Collective. All but new levels and shifts.
  Month total(const comm::Communicator& comm) const;

 private:
  struct Watched {
    const profile::BaselineColumn* column;
    CellSearch search;
    bool is_feature;
    std::string absent;
    std::vector<std::uint16_t> cells;  // of the rows of the block at hand
    std::vector<std::int64_t> counts;  // [segment][cell]
  };

  static void set_cells(std::span<const double> raw, Watched& watched);
  void read_cells(core::Range rows, Watched& watched);

  const io::ShardSet& shards_;
  const profile::Baseline& baseline_;
  int segments_;
  std::vector<Watched> columns_;
  std::vector<std::optional<std::size_t>> column_of_block_;
  std::vector<double> raw_;
  std::vector<std::int64_t> customers_;  // [segment]
  std::vector<std::int64_t> far_whole_;  // [segment], beyond the whole's 99 %
  std::vector<std::int64_t> far_own_;    // [segment], beyond the segment's
  std::optional<ErrorTally> errors_;
};

}  // namespace cardseg::monitor
