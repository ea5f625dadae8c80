#include "cardseg/profile/separation.hpp"

#include <span>

#include "cardseg/comm/agree.hpp"

namespace cardseg::profile {
namespace {

// This rank's customers by segment, those of them near a border, and then [segment][other].
std::vector<std::int64_t> count_local(const cluster::Scores& scores, std::size_t k, bool has_second) {
  std::vector<std::int64_t> customers(2 * k + (has_second ? k * k : 0));
  for (std::size_t i = 0; i < scores.segment.size(); ++i) {
    const auto segment = static_cast<std::size_t>(scores.segment[i]);
    ++customers[segment];
    if (scores.second[i] < 0) continue;
    if (static_cast<double>(scores.margin[i]) < border_margin) ++customers[k + segment];
    if (has_second) ++customers[2 * k + segment * k + static_cast<std::size_t>(scores.second[i])];
  }
  return customers;
}

}  // namespace

Separation measure_separation(const comm::Communicator& comm, const cluster::Scores& local_scores, int segments) {
  const auto k = static_cast<std::size_t>(segments);
  const bool has_second = segments <= most_neighbours;
  std::vector<std::int64_t> counts = comm::agree(comm, [&] { return count_local(local_scores, k, has_second); });
  comm.allreduce_sum(std::span(counts));
  Separation separation;
  const auto part = [&](std::size_t at) { return counts.begin() + static_cast<std::ptrdiff_t>(at); };
  separation.customers.assign(part(0), part(k));
  separation.near_border.assign(part(k), part(2 * k));
  for (std::size_t j = 0; has_second && j < k; ++j)
    separation.second.emplace_back(part(2 * k + j * k), part(2 * k + (j + 1) * k));
  return separation;
}

}  // namespace cardseg::profile
