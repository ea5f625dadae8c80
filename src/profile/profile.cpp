#include "cardseg/profile/profile.hpp"

#include <algorithm>
#include <cmath>

namespace cardseg::profile {
namespace {

bool is_usable(const Figure& figure) { return !figure.is_withheld && std::isfinite(figure.value); }

void add_driver(std::vector<Driver>& drivers, const Driver& driver) {
  if (std::isfinite(driver.effect) && driver.effect != 0.0) drivers.push_back(driver);
}

// The level whose share differs most, in standard deviations of having it.
Driver level_driver(const ColumnProfile& column, std::size_t at, std::size_t group) {
  Driver best{at, -1, 0.0};
  for (std::size_t l = 0; l < column.levels.size(); ++l) {
    const double effect = level_effect(column.categories[0].levels[l], column.categories[group].levels[l]);
    if (std::abs(effect) > std::abs(best.effect)) best = {at, static_cast<int>(l), effect};
  }
  return best;
}

}  // namespace

double level_effect(const LevelProfile& all, const LevelProfile& here) {
  if (!is_usable(all.share) || !is_usable(here.share) || all.share.value <= 0.0 || all.share.value >= 1.0)
    return std::nan("");
  return (here.share.value - all.share.value) / std::sqrt(all.share.value * (1.0 - all.share.value));
}

std::vector<Driver> ranked_drivers(const Profile& profile, int segment) {
  const auto group = static_cast<std::size_t>(segment);
  std::vector<Driver> drivers;
  for (std::size_t c = 0; c < profile.columns.size(); ++c) {
    const ColumnProfile& column = profile.columns[c];
    if (column.column.kind == portfolio::Kind::date) continue;
    if (column.is_category())
      add_driver(drivers, level_driver(column, c, group));
    else if (is_usable(column.numbers[group].effect))
      add_driver(drivers, {c, -1, column.numbers[group].effect.value});
  }
  std::ranges::stable_sort(drivers,
                           [](const Driver& a, const Driver& b) { return std::abs(a.effect) > std::abs(b.effect); });
  return drivers;
}

}  // namespace cardseg::profile
