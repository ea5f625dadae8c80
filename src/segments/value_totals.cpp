#include "cardseg/segments/value_totals.hpp"

#include <cmath>

#include "cardseg/core/decimal_places.hpp"
#include "cardseg/portfolio/grouped_sums.hpp"
#include "cardseg/portfolio/load.hpp"

namespace cardseg::segments {
namespace {

core::StoredAs stored_type(const io::ShardSet& shards, const std::string& column) {
  const auto index = static_cast<std::size_t>(shards.column_index(column));
  return shards.columns()[index].type == io::ColumnType::float32 ? core::StoredAs::float32 : core::StoredAs::float64;
}

// Of all values on all ranks, gaps aside.
int decimal_places_of(const comm::Communicator& comm, const std::vector<double>& local_values, core::StoredAs stored) {
  int places = 0;
  for (const double value : local_values)
    if (!std::isnan(value)) places = core::decimal_places(value, stored, places);
  return static_cast<int>(comm.max(std::int64_t{places}));
}

// Sums of what the values were written as: 0.1 + 0.2 is 0.3. Values that are no decimal numbers are added as they are.
std::vector<double> totals_of(const comm::Communicator& comm, const std::vector<double>& local_values,
                              const portfolio::Grouping& grouping, core::StoredAs stored) {
  const int places = decimal_places_of(comm, local_values, stored);
  const bool is_decimal = places <= core::most_decimal_places;
  const auto value = [&](std::int64_t i) {
    const double x = local_values[static_cast<std::size_t>(i)];
    if (std::isnan(x)) return 0.0;
    return is_decimal ? static_cast<double>(core::decimal_units(x, places)) : x;
  };
  std::vector<double> totals = portfolio::total_by_group(comm, grouping, value).by_group;
  if (is_decimal)
    for (double& total : totals) total /= core::decimal_scale(places);
  return totals;
}

}  // namespace

std::vector<ValueTotals> total_values(const comm::Communicator& comm, const io::ShardSet& shards,
                                      const portfolio::Schema& schema, const cluster::Scores& local_scores,
                                      int segments) {
  std::vector<ValueTotals> totals;
  for (const portfolio::Column* column : schema.values()) {
    const std::vector<double> raw =
        portfolio::read_raw_column(comm, shards, column->name, column->settings.missing_codes).values;
    totals.push_back(
        {column->name, totals_of(comm, raw, {local_scores.segment, segments}, stored_type(shards, column->name))});
  }
  return totals;
}

}  // namespace cardseg::segments
