#include "cardseg/profile/separation.hpp"

#include <cmath>
#include <span>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/exact_sum.hpp"

namespace cardseg::profile {
namespace {

// Sums of this rank's customers, by segment.
struct LocalSeparation {
  std::vector<core::int128> margins;    // on the grid
  std::vector<std::int64_t> customers;  // [segment], then those near a border, then [segment][other]

  LocalSeparation(const cluster::Scores& scores, const core::FixedPoint& margin_grid, std::size_t k, bool has_second)
      : margins(k), customers(2 * k + (has_second ? k * k : 0)) {
    for (std::size_t i = 0; i < scores.segment.size(); ++i) {
      const auto segment = static_cast<std::size_t>(scores.segment[i]);
      const auto margin = static_cast<double>(scores.margin[i]);
      margins[segment] += margin_grid.round(margin);
      ++customers[segment];
      if (scores.second[i] < 0) continue;
      if (margin < border_margin) ++customers[k + segment];
      if (has_second) ++customers[2 * k + segment * k + static_cast<std::size_t>(scores.second[i])];
    }
  }
};

double mean(const core::FixedPoint& grid, core::int128 sum, std::int64_t customers) {
  return customers > 0 ? grid.value(sum) / static_cast<double>(customers) : std::nan("");
}

}  // namespace

Separation measure_separation(const comm::Communicator& comm, const cluster::Scores& local_scores, int segments) {
  const auto k = static_cast<std::size_t>(segments);
  const bool has_second = segments <= most_neighbours;
  const auto grid = core::FixedPoint::for_values(1.0, comm.sum(local_scores.rows()));
  LocalSeparation sums = comm::agree(comm, [&] { return LocalSeparation(local_scores, grid, k, has_second); });
  comm.allreduce_sum(std::span(sums.margins));
  comm.allreduce_sum(std::span(sums.customers));
  Separation separation;
  core::int128 all_margins = 0;
  std::int64_t all_customers = 0;
  for (std::size_t j = 0; j < k; ++j) {
    all_margins += sums.margins[j];
    all_customers += sums.customers[j];
    separation.by_segment.push_back(segments > 1 ? mean(grid, sums.margins[j], sums.customers[j]) : std::nan(""));
    separation.near_border.push_back(sums.customers[k + j]);
    if (!has_second) continue;
    const auto row = sums.customers.begin() + static_cast<std::ptrdiff_t>(2 * k + j * k);
    separation.second.emplace_back(row, row + static_cast<std::ptrdiff_t>(k));
  }
  separation.silhouette = segments > 1 ? mean(grid, all_margins, all_customers) : std::nan("");
  return separation;
}

}  // namespace cardseg::profile
