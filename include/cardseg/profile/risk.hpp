// Retention and risk: how many customers of each segment have a flag of the next period, and whether that has changed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cardseg/profile/profile.hpp"
#include "cardseg/quality/proportions.hpp"

namespace cardseg::profile {

/// How a rate compares with that of the last period.
enum class Change { unknown, noise, rose, fell };
const char* name_of(Change change);

struct RiskRate {
  std::string column;
  int segment = 0;              ///< 0: the whole portfolio
  bool is_withheld = false;     ///< nothing below is told
  quality::Proportion flagged;  ///< of customers with a value
  quality::Interval interval;   ///< 95 %, exact (Clopper, Pearson 1934)
  double lift = 0.0;            ///< the rate by that of the whole; NaN where that is 0
  double previous = 0.0;        ///< the rate of the last period; NaN: not known
  double probability = 0.0;     ///< of such a change where nothing changed (equal_shares_probability); NaN: not known
  Change change = Change::unknown;
};

/// A rate changed where its probability is below this, divided by the number of segments that are tested (Bonferroni).
inline constexpr double change_level = 0.05;

/// Pure. Of every risk column (portfolio::is_risk) and group, as the profile tells them: what it withholds is withheld.
/// Throws core::Error(bad_data) where such a column holds other values than 0 and 1. `previous`: rates of the last
/// period; customers of two periods count as independent samples, which overstates noise where they are the same.
std::vector<RiskRate> risk_rates(const Profile& profile, const std::vector<RiskRate>& previous);

/// Pure. segment, column, customers, flagged, rate, low, high, lift, previous, probability, change.
std::string risk_csv(const std::vector<RiskRate>& rates);

/// Local. Reads what risk_csv wrote: column, segment and flagged customers. Throws core::Error: bad_data where the file
/// is none, and what io::read_file throws.
std::vector<RiskRate> read_risk_csv(const std::filesystem::path& path);

}  // namespace cardseg::profile
