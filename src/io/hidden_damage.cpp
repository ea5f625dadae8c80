#include "cardseg/io/hidden_damage.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cardseg/core/field.hpp"

namespace cardseg::io {

std::string hidden_damage(const ShardSet& shards) {
  const auto blind = std::ranges::count_if(shards.shards(), [](const PlacedShard& shard) {
    return shard.header.filters.find("fletcher32") == std::string::npos;
  });
  if (blind == 0) return "";
  const std::string which = shards.shards().size() == 1
                                ? "the shard has"
                                : fmt::format("{} of {} shards have", blind, shards.shards().size());
  return which + " no checksums: damage to values cannot be seen; 'cardseg convert' with " +
         core::field("from-shards") + " writes shards again with checksums";
}

}  // namespace cardseg::io
