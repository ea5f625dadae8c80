#include "monitor/month_counter.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "cardseg/portfolio/learn_levels.hpp"
#include "cardseg/portfolio/raw_values.hpp"

namespace cardseg::monitor {
namespace {

using profile::BaselineColumn;

constexpr double largest_value = 1e150;  // larger ones count as missing, as in a profile
constexpr double most_of_mean_error = 0x1p20;
constexpr std::size_t far_quantile = profile::quantile_shares.size() - 1;
constexpr std::uint64_t sampling_seed = 0;
constexpr std::int64_t most_looked_at = 65'536;  // by a tally of errors

// Why a column that is no feature cannot be counted; empty: it can.
std::string absence(const io::ShardSet& shards, const BaselineColumn& column) {
  const int index = shards.column_index(column.column.name);
  if (index < 0) return "the shards do not have it";
  const bool is_text = shards.columns()[static_cast<std::size_t>(index)].type == io::ColumnType::text;
  const bool was_text = column.column.has_levels() && column.column.levels.are_texts;
  if (is_text == was_text) return "";
  return is_text ? "it holds text, and numbers at the fit" : "it holds numbers, and texts at the fit";
}

// Infinity where a quantile is withheld: nobody is beyond it.
double far_of(const profile::ScoreQuantiles& scores) {
  const profile::Figure& figure = scores.distance[far_quantile];
  return figure.is_withheld ? std::numeric_limits<double>::infinity() : figure.value;
}

}  // namespace

ErrorTally::ErrorTally(const profile::PrincipalSpace& space, std::int64_t rows)
    : space_(space),
      random_(sampling_seed, core::Purpose::covariance),
      most_(most_of_mean_error * space.error),
      grid_(core::FineGrid::for_values(most_)),
      square_grid_(core::FineGrid::for_values(most_ * most_)) {
  if (rows > most_looked_at) limit_ = static_cast<std::uint64_t>((core::int128{most_looked_at} << 64) / rows);
}

// |x - m|^2 - sum_q (u_q . (x - m))^2, no less than 0
template <class T>
double ErrorTally::error_of(const portfolio::FeatureMatrix<T>& features, std::int64_t row) const {
  double error = 0.0;
  for (std::size_t f = 0; f < space_.mean.size(); ++f) {
    const double away = static_cast<double>(features.at(row, static_cast<int>(f))) - space_.mean[f];
    error += away * away;
  }
  for (const std::vector<double>& direction : space_.directions) {
    double along = 0.0;
    for (std::size_t f = 0; f < space_.mean.size(); ++f)
      along += direction[f] * (static_cast<double>(features.at(row, static_cast<int>(f))) - space_.mean[f]);
    error -= along * along;
  }
  return std::clamp(error, 0.0, most_);
}

template <class T>
void ErrorTally::add(const portfolio::FeatureMatrix<T>& features) {
  std::int64_t customers = 0;
  core::int128 sum = 0;
  core::int128 squares = 0;
#pragma omp parallel
  {
    std::int64_t my_customers = 0;
    core::int128 my_sum = 0;
    core::int128 my_squares = 0;
#pragma omp for schedule(static) nowait
    for (std::int64_t i = 0; i < features.rows(); ++i) {
      if (limit_ && random_.bits(features.global_rows().begin + i) >= *limit_) continue;
      const double error = error_of(features, i);
      ++my_customers;
      my_sum += grid_.cut(error);
      my_squares += square_grid_.cut(error * error);
    }
#pragma omp critical(cardseg_month_errors)
    {
      customers += my_customers;
      sum += my_sum;
      squares += my_squares;
    }
  }
  customers_ += customers;
  sum_ += sum;
  squares_ += squares;
}

Reconstruction ErrorTally::total(const comm::Communicator& comm) const {
  std::array<core::int128, 3> sums = {customers_, sum_, squares_};
  comm.allreduce_sum(std::span<core::int128>(sums));
  Reconstruction found;
  found.customers = static_cast<std::int64_t>(sums[0]);
  if (found.customers == 0) return found;
  const auto all = static_cast<double>(found.customers);
  found.mean = grid_.value(sums[1]) / all;
  found.sd = std::sqrt(std::max(0.0, square_grid_.value(sums[2]) / all - found.mean * found.mean));
  return found;
}

CellSearch::CellSearch(const BaselineColumn& column) : is_category_(column.is_category()) {
  static_assert(profile::most_baseline_bins <= 32);
  edges_.fill(std::numeric_limits<double>::infinity());
  std::ranges::copy(column.edges, edges_.begin());
}

MonthCounter::MonthCounter(const io::ShardSet& shards, const segments::Model& model)
    : shards_(shards),
      baseline_(*model.baseline),
      segments_(model.segments()),
      column_of_block_(model.layout.blocks().size()),
      customers_(static_cast<std::size_t>(segments_)),
      far_whole_(static_cast<std::size_t>(segments_)),
      far_own_(static_cast<std::size_t>(segments_)) {
  for (const BaselineColumn& column : baseline_.columns) {
    Watched& watched = columns_.emplace_back(Watched{&column, CellSearch(column), false, "", {}, {}});
    watched.counts.resize(static_cast<std::size_t>(segments_) * column.cells());
    for (std::size_t b = 0; b < column_of_block_.size(); ++b) {
      const auto place = static_cast<std::size_t>(model.layout.blocks()[b].column);
      if (model.columns[place].column.name != column.column.name) continue;
      watched.is_feature = true;
      column_of_block_[b] = columns_.size() - 1;
    }
    if (!watched.is_feature) watched.absent = absence(shards, column);
  }
  if (baseline_.space) errors_.emplace(*baseline_.space, shards.rows());
}

void MonthCounter::set_cells(std::span<const double> raw, Watched& watched) {
  watched.cells.resize(raw.size());
  std::uint16_t* cells = watched.cells.data();
  const CellSearch search = watched.search;
#pragma omp parallel for schedule(static)
  for (std::size_t i = 0; i < raw.size(); ++i) cells[i] = search.of(raw[i]);
}

void MonthCounter::see_raw(std::size_t block, std::span<const double> raw) {
  if (column_of_block_[block]) set_cells(raw, columns_[*column_of_block_[block]]);
}

void MonthCounter::see_features(const portfolio::FeatureMatrix<float>& features) {
  if (errors_) errors_->add(features);
}

void MonthCounter::see_features(const portfolio::FeatureMatrix<double>& features) {
  if (errors_) errors_->add(features);
}

void MonthCounter::read_cells(core::Range rows, Watched& watched) {
  raw_.resize(static_cast<std::size_t>(rows.size()));
  const portfolio::Column& column = watched.column->column;
  if (column.has_levels()) {
    portfolio::read_levels(shards_, column, rows, false, raw_);
  } else {
    shards_.read_numbers(shards_.column_index(column.name), rows, raw_);
    portfolio::replace_codes(column.settings.missing_codes, raw_);
    for (double& value : raw_)
      if (!(std::abs(value) <= largest_value)) value = std::numeric_limits<double>::quiet_NaN();
  }
  set_cells(raw_, watched);
}

void MonthCounter::see_scores(core::Range rows, const cluster::Scores& scores, std::size_t first) {
  for (Watched& watched : columns_)
    if (!watched.is_feature && watched.absent.empty()) read_cells(rows, watched);
  const std::span segments = std::span(scores.segment).subspan(first);
#pragma omp parallel for schedule(dynamic)
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    Watched& watched = columns_[c];
    if (!watched.absent.empty()) continue;
    const std::size_t width = watched.column->cells();
    for (std::size_t i = 0; i < segments.size(); ++i)
      ++watched.counts[static_cast<std::size_t>(segments[i]) * width + watched.cells[i]];
  }
  std::vector<double> far;
  for (const profile::ScoreQuantiles& group : baseline_.scores) far.push_back(far_of(group));
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto segment = static_cast<std::size_t>(segments[i]);
    const double distance = std::sqrt(scores.squared_distance[first + i]);
    ++customers_[segment];
    far_whole_[segment] += distance > far[0] ? 1 : 0;
    far_own_[segment] += distance > far[segment + 1] ? 1 : 0;
  }
}

Month MonthCounter::total(const comm::Communicator& comm) const {
  std::vector<std::int64_t> sums;
  for (const std::vector<std::int64_t>* each : {&customers_, &far_whole_, &far_own_})
    sums.insert(sums.end(), each->begin(), each->end());
  for (const Watched& watched : columns_) sums.insert(sums.end(), watched.counts.begin(), watched.counts.end());
  comm.allreduce_sum(std::span(sums));
  auto next = sums.begin();
  const auto with_whole = [&] {  // [group] of the next counts by segment
    std::vector<std::int64_t> groups(1);
    for (int j = 0; j < segments_; ++j) {
      groups.push_back(*next++);
      groups[0] += groups.back();
    }
    return groups;
  };
  Month month;
  month.customers = with_whole();
  const std::vector<std::int64_t> far_whole = with_whole();
  month.far = with_whole();
  month.far[0] = far_whole[0];
  for (const Watched& watched : columns_) {
    MonthColumn& column = month.columns.emplace_back();
    column.absent = watched.absent;
    const std::size_t width = watched.column->cells();
    column.counts.assign(1, std::vector<std::int64_t>(width));
    for (int j = 0; j < segments_; ++j) {
      const std::vector<std::int64_t>& row =
          column.counts.emplace_back(next, next + static_cast<std::ptrdiff_t>(width));
      next += static_cast<std::ptrdiff_t>(width);
      std::ranges::transform(row, column.counts[0], column.counts[0].begin(), std::plus());
    }
  }
  if (errors_) month.reconstruction = errors_->total(comm);
  return month;
}

}  // namespace cardseg::monitor
