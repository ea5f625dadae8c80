// Which customers of a portfolio are segmented: those that a rule selects.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/filter.hpp"

namespace cardseg::portfolio {

/// The rule, as the description has it and a model keeps it.
struct Population {
  std::string filter = {};          ///< empty: everybody (filter.hpp has the grammar)
  MissingCodes missing_codes = {};  ///< of the columns that it compares
  std::int64_t not_segmented = 0;   ///< customers that it did not select, once that is known

  bool is_everybody() const { return filter.empty(); }
};

/// Pure. Throws what Filter and Filter::check throw; messages call the rule `name`.
void check_population(const std::string& name, const Population& population,
                      const std::vector<io::StoredColumn>& columns);

/// Collective (a failure is agreed). The shards with the rows that the rule selects, or with all; reads its columns
/// once. Throws comm::AgreedError: what Filter::matches throws. Precondition: check_population() passed.
io::ShardSet select_population(const comm::Communicator& comm, const io::ShardSet& shards,
                               const Population& population);

/// Pure. Throws core::Error(bad_data) where there are customers and the rule selects none of them; messages call it
/// `name`.
void check_any_selected(const std::string& name, const io::ShardSet& selected);

/// Pure. Throws core::Error(bad_data) where the rule leaves fewer customers than segments.
void check_enough_selected(const std::string& name, const io::ShardSet& selected, int segments);

}  // namespace cardseg::portfolio
