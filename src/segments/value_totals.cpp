#include "cardseg/segments/value_totals.hpp"

#include <cmath>

#include "cardseg/portfolio/grouped_sums.hpp"
#include "cardseg/portfolio/load.hpp"

namespace cardseg::segments {

std::vector<ValueTotals> total_values(const comm::Communicator& comm, const io::ShardSet& shards,
                                      const portfolio::Schema& schema, const cluster::Scores& local_scores,
                                      int segments) {
  std::vector<ValueTotals> totals;
  for (const portfolio::Column* column : schema.values()) {
    const std::vector<double> raw =
        portfolio::read_raw_column(comm, shards, column->name, column->settings.missing_codes);
    const auto value = [&](std::int64_t i) {
      const double x = raw[static_cast<std::size_t>(i)];
      return std::isnan(x) ? 0.0 : x;
    };
    totals.push_back({column->name, portfolio::total_by_group(comm, {local_scores.segment, segments}, value).by_group});
  }
  return totals;
}

}  // namespace cardseg::segments
