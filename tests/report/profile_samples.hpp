// Profiles made by hand: a portfolio and its segments, with the figures that words are made of.
#pragma once

#include <string>
#include <vector>

#include "cardseg/profile/profile.hpp"

namespace cardseg::report::samples {

/// What a group holds of a column of numbers.
struct Numbers {
  double mean = 0.0;
  double sd = 1.0;
  double median = 0.0;
  double zeros = 0.0;  ///< share
};

/// `customers` of each segment; no columns.
inline profile::Profile profile_of(const std::vector<std::int64_t>& customers) {
  profile::Profile profile;
  profile.segments = static_cast<int>(customers.size());
  profile.customers.emplace_back();
  for (std::int64_t each : customers) {
    profile.customers[0].customers += each;
    profile.customers.push_back({each, false});
  }
  for (const profile::Count& count : profile.customers) profile.mass.push_back({static_cast<double>(count.customers)});
  return profile;
}

/// A column of numbers in the distance; `groups`: the whole portfolio first. `low`: the least values.
inline profile::ColumnProfile& add_numbers(profile::Profile& profile, const std::string& name,
                                           const std::vector<Numbers>& groups, double low = 0.0) {
  profile::ColumnProfile& column = profile.columns.emplace_back();
  column.column.name = name;
  column.column.role = portfolio::Role::feature;
  column.is_in_distance = true;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Numbers& group = groups[g];
    profile::NumberProfile& numbers = column.numbers.emplace_back();
    numbers.present = profile.customers[g];
    numbers.zeros.customers =
        static_cast<std::int64_t>(group.zeros * static_cast<double>(numbers.present.customers) + 0.5);
    numbers.mean.value = group.mean;
    numbers.sd.value = group.sd;
    for (profile::Figure& quantile : numbers.quantile) quantile.value = group.median;
    numbers.quantile.front().value = low;
    numbers.effect.value = (group.mean - groups[0].mean) / groups[0].sd;
  }
  return column;
}

/// A column of levels in the distance; `shares[group][level]`.
inline profile::ColumnProfile& add_levels(profile::Profile& profile, const std::string& name,
                                          const std::vector<std::string>& levels,
                                          const std::vector<std::vector<double>>& shares) {
  profile::ColumnProfile& column = profile.columns.emplace_back();
  column.column.name = name;
  column.column.role = portfolio::Role::feature;
  column.column.kind = portfolio::Kind::category;
  column.is_in_distance = true;
  column.levels = levels;
  for (const std::vector<double>& group : shares) {
    profile::CategoryProfile& category = column.categories.emplace_back();
    category.effect.value = 0.5;
    for (double share : group) category.levels.push_back({{}, {share}, {}});
  }
  return column;
}

}  // namespace cardseg::report::samples
