// outcome.csv, outcome.json, and the log of all campaigns.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cardseg/monitor/outcome.hpp"

namespace cardseg::monitor {

/// A campaign as it is told: its name, and its segments. Where a group has fewer than `min_cell` customers, figures of
/// the segment are withheld.
struct ToldOutcome {
  std::string campaign;
  std::vector<SegmentOutcome> segments;  ///< the whole list first
  std::int64_t min_cell = 0;
  bool has_values = false;

  bool is_withheld(const SegmentOutcome& segment) const;
};

/// Pure. segment, target_customers, target_responses, target_rate, holdout_customers, holdout_responses, holdout_rate,
/// uplift, low, high, detectable, effect, value_uplift, value_low, value_high: a line each, the whole list as 0. What
/// is withheld is empty.
std::string outcome_csv(const ToldOutcome& outcome);
std::string outcome_json(const ToldOutcome& outcome);

/// A line of the log.
struct LoggedOutcome {
  std::string campaign;
  std::string segment;  ///< "0": the whole list
  std::string target_rate;
  std::string holdout_rate;
  std::string uplift;
  std::string low;
  std::string high;
  std::string effect;
};

/// Local. The lines of a log; none where there is no file. Throws core::Error(bad_data) where the file is no log.
std::vector<LoggedOutcome> read_outcome_log(const std::filesystem::path& path);
/// Pure. Lines of a campaign for the log.
std::vector<LoggedOutcome> logged(const ToldOutcome& outcome);
/// Pure. The log as CSV: campaign, segment, target_rate, holdout_rate, uplift, low, high, effect.
std::string outcome_log_csv(const std::vector<LoggedOutcome>& log);

}  // namespace cardseg::monitor
