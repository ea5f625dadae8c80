#include "cardseg/report/map_csv.hpp"

#include "cardseg/io/csv_table.hpp"
#include "report/map_centre.hpp"

namespace cardseg::report {
namespace {

using io::CsvValue;
using profile::PrincipalMap;

void add_axes(const FitContent& content, io::CsvWriter& table) {
  const auto& [across, up] = content.evidence.map->axes.axes;
  table.add_row({"share", {}, {}, across.share, up.share, {}, {}});
  table.add_row({"sd", {}, {}, across.sd, up.sd, {}, {}});
  for (std::size_t f = 0; f < across.direction.size(); ++f)
    table.add_row(
        {"weight", {}, content.model.feature_name(static_cast<int>(f)), across.direction[f], up.direction[f], {}, {}});
}

void add_centres(const FitContent& content, io::CsvWriter& table) {
  for (int j = 1; j <= content.profile.segments; ++j)
    if (const auto centre = map_centre(content, j))
      table.add_row({"centre",
                     std::int64_t{j},
                     {},
                     centre->x,
                     centre->y,
                     {},
                     content.profile.customers[static_cast<std::size_t>(j)].customers});
}

void add_squares(const PrincipalMap& map, io::CsvWriter& table) {
  const auto middle = [&](int bin) { return map.side * (bin - PrincipalMap::bins_along / 2 + 0.5); };
  for (int row = 0; row < PrincipalMap::bins_along; ++row)
    for (int column = 0; column < PrincipalMap::bins_along; ++column) {
      const std::size_t bin = map.bin(column, row);
      if (map.customers[bin] == 0) continue;
      CsvValue most;
      if (map.segment[bin] >= 0) most.emplace<std::int64_t>(map.segment[bin] + 1);
      table.add_row({"square", most, {}, middle(column), middle(row), map.side, map.customers[bin]});
    }
}

}  // namespace

std::string map_csv(const FitContent& content) {
  io::CsvWriter table({"kind", "segment", "feature", "x", "y", "width", "customers"});
  add_axes(content, table);
  add_centres(content, table);
  add_squares(*content.evidence.map, table);
  return table.text();
}

}  // namespace cardseg::report
