// What `inspect` and `validate` say of shards.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/report/document.hpp"

namespace cardseg::report {

/// Pure. How many, how large, and each shard.
Document shards_summary(const io::ShardSet& shards);

/// A column of shards.
struct InspectedColumn {
  std::string name;
  std::string stored_type;
  std::optional<portfolio::RawFacts> facts;  ///< none: text; its least and most are not shown
  portfolio::ValueRange range;               ///< of nearly all values
};

/// Pure. Type, missing values and range of each column.
Document columns_summary(const std::vector<InspectedColumn>& columns);

/// What a fit would make of shards.
struct Validated {
  std::int64_t rows = 0;  ///< that are segmented
  portfolio::Population population = {};
  std::vector<portfolio::FittedColumn> columns;
  std::string storage;  ///< how a fit keeps features
  std::int64_t rank_bytes = 0;

  /// Features that are neither constant nor without weight.
  int used() const;
};

/// Pure.
Document validate_summary(const Validated& validated);

}  // namespace cardseg::report
