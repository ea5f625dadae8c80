// What the columns of a portfolio are, by their description and by their values.
#pragma once

#include "cardseg/cli/describe.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/schema.hpp"
#include "cardseg/profile/disclosure.hpp"

namespace cardseg::run {

/// Collective. cli::resolve(), and what values add to it: the levels of categories (portfolio::learn_levels), columns
/// that are like ids (portfolio::leave_out_id_like), of the customers that are segmented: `shards`, all of them,
/// become these (portfolio::select_population). Levels of fewer customers than may be told of are pooled. Throws
/// comm::AgreedError as these do, and bad_data where the filter selects nobody.
portfolio::Schema portfolio_schema(const comm::Communicator& comm, const cli::FeatureOptions& options,
                                   const profile::DisclosureOptions& disclosure, io::ShardSet& shards,
                                   core::Events& events);

}  // namespace cardseg::run
