// Shards of any layout written again as cardseg writes them: with checksums and digests, by which damage shows.
#pragma once

#include <cstdint>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/convert/convert_options.hpp"
#include "cardseg/core/option.hpp"

namespace cardseg::convert {

struct RewriteOptions {
  bool from_shards = false;  ///< ConvertOptions::inputs are shards, which are written again as they are
};

core::OptionTable describe(RewriteOptions& options);

/// The same on all ranks.
struct RewriteReport {
  std::int64_t shards = 0;
  std::int64_t columns = 0;
  std::int64_t rows = 0;          ///< of the shards that were read
  std::int64_t rows_written = 0;  ///< counted where they are written
};

/// Collective over comm; ranks share the shards. Reads the shards `options.inputs` and writes as many, in their order,
/// to `options.output_directory` as customers-00000-of-00007.h5, ...; they appear when all are complete. Names, types,
/// dates and values stay; notes of columns and numbers that stand for missing values do not. Throws comm::AgreedError
/// like io::ShardSet, io::ShardFile and io::ShardStaging.
RewriteReport rewrite_shards(const comm::Communicator& comm, const ConvertOptions& options);

}  // namespace cardseg::convert
