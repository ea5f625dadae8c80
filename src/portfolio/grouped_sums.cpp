#include "cardseg/portfolio/grouped_sums.hpp"

namespace cardseg::portfolio {

void GroupedSums::reduce(const comm::Communicator& comm) {
  std::vector<core::int128> message;
  for (const std::vector<core::int128>& table : tables_) message.insert(message.end(), table.begin(), table.end());
  comm.allreduce_sum(std::span(message));
  auto next = message.begin();
  for (std::vector<core::int128>& table : tables_) {
    std::copy_n(next, table.size(), table.begin());
    next += std::ssize(table);
  }
}

std::vector<std::int64_t> count_by_group(const comm::Communicator& comm, const Grouping& grouping) {
  std::vector<std::int64_t> counts;
  for (core::int128 sum : sum_by_group(comm, grouping, [](std::int64_t) { return 1; }))
    counts.push_back(static_cast<std::int64_t>(sum));
  return counts;
}

}  // namespace cardseg::portfolio
