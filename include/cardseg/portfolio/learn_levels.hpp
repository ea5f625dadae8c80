// Which levels categories have, counted over all shards before anything is encoded.
#pragma once

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/schema.hpp"

namespace cardseg::portfolio {

/// Collective. Counts the levels of the categories that are features, exactly, and sets the levels of ordinals. Levels
/// of fewer customers than their share `min_level`, or than `least_customers`, are one, "(other)", unless unknown ones
/// are refused. A column of texts that is not described is
/// profiled alone, with the reason, where it has more than `max_levels` of them. The same on any number of ranks.
/// Cost: each of these columns is read once; one with too many levels only until they are too many. Memory on a rank:
/// 64 Ki of its texts, and the different ones among them, no more than 131,072.
/// Throws comm::AgreedError: bad_data where a described category has more levels than that, or more than 4,096 that are
/// frequent enough, or where no feature is left; what reading throws.
Schema learn_levels(const comm::Communicator& comm, const io::ShardSet& shards, Schema schema, core::Events& events);

/// Collective. Sets the levels of one category or ordinal, whatever its part in the segmentation. False, and no levels:
/// it has more than `max_levels` different ones. `local_raw`: becomes the raw numbers of this rank's rows, those that
/// read_levels() gives, so that texts are read once. Cost and memory as above, and 8 bytes a row.
bool learn_column_levels(const comm::Communicator& comm, const io::ShardSet& shards, Column& column,
                         std::vector<double>& local_raw);

/// Local. The raw numbers of rows of a column with levels into `raw`, which has their number: NaN for missing ones and
/// for unknown levels of an ordinal, `Levels::other_value()` for those of a category.
/// Throws core::Error(bad_data) naming shard and row of the first level that is not known, where `refuses_unknown`.
std::vector<std::int64_t> read_levels(const io::ShardSet& shards, const Column& column, core::Range rows,
                                      bool refuses_unknown, std::span<double> raw);

}  // namespace cardseg::portfolio
