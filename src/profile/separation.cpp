#include "cardseg/profile/separation.hpp"

#include <span>

#include "cardseg/comm/agree.hpp"

namespace cardseg::profile {
namespace {

// Of this rank's customers those near a border, by segment, and then [segment][other].
std::vector<std::int64_t> count_local(const cluster::Scores& scores, std::size_t k, bool has_second) {
  std::vector<std::int64_t> customers(k + (has_second ? k * k : 0));
  for (std::size_t i = 0; i < scores.segment.size(); ++i) {
    if (scores.second[i] < 0) continue;
    const auto segment = static_cast<std::size_t>(scores.segment[i]);
    if (static_cast<double>(scores.margin[i]) < border_margin) ++customers[segment];
    if (has_second) ++customers[k + segment * k + static_cast<std::size_t>(scores.second[i])];
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
  separation.near_border.assign(part(0), part(k));
  for (std::size_t j = 0; has_second && j < k; ++j)
    separation.second.emplace_back(part(k + j * k), part(k + (j + 1) * k));
  return separation;
}

}  // namespace cardseg::profile
