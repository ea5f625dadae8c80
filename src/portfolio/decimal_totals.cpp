#include "cardseg/portfolio/decimal_totals.hpp"

#include <cmath>

namespace cardseg::portfolio {
namespace {

// Of all values on all ranks, gaps aside.
int decimal_places_of(const comm::Communicator& comm, std::span<const double> local_values, core::StoredAs stored) {
  int places = 0;
  for (const double value : local_values)
    if (!std::isnan(value)) places = core::decimal_places(value, stored, places);
  return static_cast<int>(comm.max(std::int64_t{places}));
}

}  // namespace

core::StoredAs decimals_stored_as(const io::ShardSet& shards, const std::string& column) {
  const auto index = static_cast<std::size_t>(shards.column_index(column));
  return shards.columns()[index].type == io::ColumnType::float32 ? core::StoredAs::float32 : core::StoredAs::float64;
}

GroupTotals total_decimals_by_group(const comm::Communicator& comm, std::span<const double> local_values,
                                    const Grouping& grouping, core::StoredAs stored) {
  const int places = decimal_places_of(comm, local_values, stored);
  const bool is_decimal = places <= core::most_decimal_places;
  const auto value = [&](std::int64_t i) {
    const double x = local_values[static_cast<std::size_t>(i)];
    if (std::isnan(x)) return 0.0;
    return is_decimal ? static_cast<double>(core::decimal_units(x, places)) : x;
  };
  GroupTotals totals = total_by_group(comm, grouping, value);
  if (is_decimal) {
    for (double& total : totals.by_group) total /= core::decimal_scale(places);
    totals.all /= core::decimal_scale(places);
  }
  return totals;
}

}  // namespace cardseg::portfolio
