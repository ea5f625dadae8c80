// Lists for campaigns: the customers of a segment that matter most, whom a rule or a policy leaves in, and a control
// group.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/core/option.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/io/table.hpp"
#include "cardseg/segments/labelled_customers.hpp"
#include "cardseg/segments/model.hpp"
#include "cardseg/segments/reasons.hpp"

namespace cardseg::segments {

/// Who is on a list, in which order, and what it says of them.
struct ListOptions {
  std::string run = {};                   ///< directory of a run with labels
  int segment = 0;                        ///< from 1; 0: of all segments
  std::int64_t top = 0;                   ///< 0: all
  std::string by = "distance";            ///< distance, margin, value, or a column of numbers
  bool reverse = false;                   ///< the last first
  std::string where = {};                 ///< a rule (portfolio/filter.hpp); empty: everybody
  std::vector<std::string> columns = {};  ///< of the shards, for the list
  std::string like = {};                  ///< CSV of ids: by the distance to the nearest of these customers
  std::string pin = {};                   ///< CSV of ids and segments: customers placed by policy
  double holdout = 0.0;                   ///< share of the list that is a control group
  std::string campaign = {};              ///< keys the control group
  std::string model = {};                 ///< model.json; empty: the run's own
  ReasonOptions reasons = {};             ///< why each customer is in its segment, and how it would leave it
};

core::OptionTable describe(ListOptions& options);
/// Throws core::Error(usage) where options do not go together.
void validate(const ListOptions& options);
/// Pure. Whether the list needs the shards, and not the labels alone.
bool needs_shards(const ListOptions& options);
/// Pure. Whether it needs a model.
bool needs_model(const ListOptions& options);

/// What a list is made of. Only `labels` is always there.
struct ListSources {
  const LabelledCustomers& labels;
  const io::ShardSet* shards = nullptr;  ///< the same customers, checked
  const Model* model = nullptr;
  std::string key;  ///< of pseudonyms; empty: ids
};

/// Numbers of customers on the way to a list.
struct ListCounts {
  std::int64_t segment = 0;         ///< in the segment, those placed by policy included
  std::int64_t placed = 0;          ///< of these, by policy
  std::int64_t moved_out = 0;       ///< that the model has in the segment and the policy elsewhere
  std::int64_t unknown_placed = 0;  ///< of the policy's file, that are not among the customers
  std::int64_t unknown_seeds = 0;   ///< of the seeds' file, likewise
  std::int64_t seeds = 0;           ///< that were found: they are not on the list
  std::int64_t matching = 0;        ///< of the segment, those that the rule selects
  std::int64_t listed = 0;
  std::int64_t holdout = 0;  ///< of the listed
};

struct CustomerList {
  std::vector<io::ColumnSpec> columns;
  io::Block rows;  ///< on rank 0; on others empty
  ListCounts counts;
};

/// Collective. Columns: the id (or pseudonym), segment, distance, margin, what the list is ordered by where that is
/// another column, `options.columns`, placed (policy or model) where customers are placed, reasons
/// (reason_columns; empty of those that are placed), and group (target or
/// holdout) where there is a control group. Ordered by distance (nearest first), margin or a column (largest first),
/// missing values last, ties by the row; a customer is held out where core::hmac_fraction(campaign, id) < holdout, so
/// that a campaign has the same control group on every list. Memory: 24 bytes a local customer, and on rank 0 the list.
/// Throws comm::AgreedError: usage or config for columns that do not fit, bad_data for files that do not.
CustomerList make_list(const comm::Communicator& comm, const ListSources& sources, const ListOptions& options,
                       core::Events& events);

/// Local, on rank 0. Writes a list as CSV, or, where the name ends in .h5, as a shard, whole or not at all. Throws
/// core::Error: cannot_create, permission, io.
void write_list(const CustomerList& list, const std::string& path);

}  // namespace cardseg::segments
