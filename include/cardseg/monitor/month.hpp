// A month of customers, counted in the bins of a model's baseline while it is scored: each value is read once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/segments/score.hpp"

namespace cardseg::monitor {

/// A level that the fit did not know.
struct NewLevel {
  std::string name;
  std::int64_t customers = 0;
};

struct MonthColumn {
  std::vector<std::vector<std::int64_t>> counts;  ///< [group][cell] as profile::BaselineColumn has them; none: absent
  std::string absent = {};                        ///< why it was not counted; empty: it was
  std::vector<NewLevel> new_levels = {};          ///< of a category, of `min_cell` customers or more, most first
};

/// How well the main directions of the fit hold the customers (profile/principal_space.hpp).
struct Reconstruction {
  std::int64_t customers = 0;  ///< that were looked at: all, or a sample of about 65,536
  double mean = 0.0;           ///< of their errors, each no larger than 2^20 times the fit's mean
  double sd = 0.0;
};

/// The same on all ranks.
struct Month {
  std::vector<std::int64_t> customers;  ///< [group]; the whole first
  std::vector<MonthColumn> columns;     ///< as the baseline has them
  std::vector<std::int64_t> far;        ///< [group]: customers beyond the fit's 99 % quantile of distances
  std::optional<Reconstruction> reconstruction;
  std::vector<portfolio::ColumnShift> shifts;  ///< as segments::ScoredShards has them
};

/// Collective. Scores the shards and counts them. `model` has a baseline. Columns of it that are no features and that
/// the shards lack, or hold as something else, are absent. Memory: that of segments::score_shards and 2 bytes for each
/// column of a row of a block. Throws what score_shards throws.
Month count_month(const comm::Communicator& comm, const io::ShardSet& shards, const segments::Model& model,
                  core::Events& events);

}  // namespace cardseg::monitor
