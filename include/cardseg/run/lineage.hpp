// Where the shards of a run came from, as `convert` or `rfm` recorded it beside them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cardseg/io/shard_set.hpp"

namespace cardseg::run {

/// What a source must give for the same query: nothing was lost on the way.
struct SourceColumn {
  std::string name;
  std::int64_t count = 0;
  std::int64_t missing = 0;
  std::string sum;  ///< exact, decimal; empty of texts
};

struct SourceDigest {
  std::string file;
  std::int64_t bytes = 0;
  std::string sha256;
};

/// One conversion.json or rfm.json: of all shards in one directory.
struct Conversion {
  std::string record;  ///< its name
  std::string sha256;  ///< of it
  std::vector<SourceDigest> sources;
  std::int64_t rows_read = 0;     ///< of the sources
  std::int64_t rows_written = 0;  ///< to the shards
  std::int64_t rows_rejected = 0;
  std::vector<SourceColumn> columns;
  std::string as_of = {};  ///< of rfm: the day that features are of, 2026-09-30
};

struct Lineage {
  std::vector<Conversion> conversions;  ///< in the order of their shards
  std::vector<std::string> warnings;    ///< records that are not of these shards, which are left out
};

/// Local. Reads the record beside each shard, where there is one.
Lineage lineage_of(const io::ShardSet& shards);

/// Pure. The latest day that features are of; empty where no record says one.
std::string as_of(const Lineage& lineage);

}  // namespace cardseg::run
