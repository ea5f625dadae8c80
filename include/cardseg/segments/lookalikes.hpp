// Who is like given customers: the distance to the nearest of them in the model's feature space.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/segments/labelled_customers.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::segments {

/// Given customers that a search takes at most: each is compared with everybody.
inline constexpr std::int64_t most_seeds = 4096;

/// Of this rank's rows.
struct Lookalikes {
  std::vector<double> local_distance;  ///< to the nearest given customer; NaN of these themselves
  std::int64_t found = 0;              ///< given customers among all
};

/// Collective. Encodes the customers in blocks of 65,536 rows, after those around the given ones. Throws
/// comm::AgreedError(bad_data) where more than most_seeds or none of them are found, or a value cannot be encoded.
Lookalikes find_lookalikes(const comm::Communicator& comm, const LabelledCustomers& labels, const io::ShardSet& shards,
                           const Model& model, const std::vector<std::string>& ids, core::Events& events);

}  // namespace cardseg::segments
