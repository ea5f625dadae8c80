#include "convert/evidence_exchange.hpp"

#include <cstdint>
#include <span>

namespace cardseg::convert {

std::vector<ColumnEvidence> united(const comm::Communicator& comm, const std::vector<ColumnEvidence>& local_columns) {
  std::vector<std::int64_t> counts;
  std::vector<std::int64_t> least;
  std::vector<std::int64_t> most;  // lengths, and marks bit by bit
  for (const ColumnEvidence& local : local_columns) {
    counts.insert(counts.end(), local.counts.begin(), local.counts.end());
    counts.push_back(local.percents);
    least.insert(least.end(), local.first_lines.begin(), local.first_lines.end());
    most.push_back(local.longest_bytes);
    for (int bit = 0; bit < 64; ++bit) most.push_back(static_cast<std::int64_t>(local.marks >> bit & 1));
  }
  comm.allreduce_sum(std::span(counts));
  comm.allreduce_min(std::span(least));
  comm.allreduce_max(std::span(most));
  std::vector<ColumnEvidence> global_columns(local_columns.size());
  auto count = counts.begin();
  auto line = least.begin();
  auto large = most.begin();
  for (ColumnEvidence& global : global_columns) {
    for (std::int64_t& each : global.counts) each = *count++;
    global.percents = *count++;
    for (std::int64_t& each : global.first_lines) each = *line++;
    global.longest_bytes = *large++;
    for (int bit = 0; bit < 64; ++bit) global.marks |= static_cast<std::uint64_t>(*large++) << bit;
  }
  return global_columns;
}

std::vector<std::string> united(const comm::Communicator& comm, const std::vector<const DecimalSum*>& local_sums) {
  std::vector<std::int64_t> limbs;
  std::vector<std::int64_t> is_inexact;
  for (const DecimalSum* local : local_sums) {
    const std::vector<std::int64_t> local_limbs = local->limbs();
    limbs.insert(limbs.end(), local_limbs.begin(), local_limbs.end());
    is_inexact.push_back(local->is_exact() ? 0 : 1);
  }
  comm.allreduce_sum(std::span(limbs));
  comm.allreduce_max(std::span(is_inexact));
  std::vector<std::string> texts(local_sums.size());
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (is_inexact[i] == 0)
      texts[i] = DecimalSum::text(std::span(limbs).subspan(i * DecimalSum::limb_count, DecimalSum::limb_count));
  return texts;
}

}  // namespace cardseg::convert
