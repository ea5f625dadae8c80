// What the values of a column look like: enough to suggest how it is prepared.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/column_facts.hpp"
#include "cardseg/portfolio/schema.hpp"

namespace cardseg::portfolio {

/// A number that many customers have and that lies far from all others, such as 999: it may stand for a missing value.
struct OddValue {
  double value = 0.0;
  std::int64_t customers = 0;
};

/// The same on all ranks. Of columns of numbers; the odd value is left out of all but `present` and `missing`.
struct ColumnPortrait {
  Column column;
  std::int64_t present = 0;
  std::int64_t missing = 0;
  std::int64_t zeros = 0;
  std::int64_t ones = 0;
  ValueRange range;        ///< no customer's values
  double low_tail = 0.0;   ///< median - 1 % quantile
  double high_tail = 0.0;  ///< 99 % quantile - median
  double median = 0.0;
  bool has_negatives = false;
  bool is_whole = false;  ///< every value is a whole number
  std::optional<OddValue> odd;

  /// No value but 0 and 1.
  bool is_flag() const { return present > 0 && zeros + ones == present; }
};

/// Collective. Reads the columns one after the other; of those without numbers only `column` is filled in. Peak memory:
/// 8 bytes a local row. Throws as read_raw_column().
std::vector<ColumnPortrait> portray_columns(const comm::Communicator& comm, const io::ShardSet& shards,
                                            const Schema& schema);

}  // namespace cardseg::portfolio
