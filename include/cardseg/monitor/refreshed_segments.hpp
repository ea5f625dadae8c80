// Old beside new: the segments of a model before and after a refresh, for people and programs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/profile/disclosure.hpp"
#include "cardseg/profile/profile.hpp"

namespace cardseg::monitor {

struct RefreshedSegment {
  int number = 0;
  std::string name;
  std::string fate;               ///< as fate_names, or "new"
  std::int64_t by_old_model = 0;  ///< customers of the new month that the old model puts there
  std::int64_t customers = 0;     ///< that the new model does
  std::int64_t kept = 0;          ///< of by_old_model, those whose number stays
  std::vector<int> to;            ///< numbers: where most of them are
  double centre_moved = 0.0;      ///< distance in feature space
};

/// What a refresh found beside its model.
struct Refresh {
  std::vector<RefreshedSegment> segments;  ///< by number; numbers that an earlier refresh retired are left out
  std::string old_model_id;
  std::int64_t customers = 0;
  std::int64_t moved = 0;
  std::int64_t weight = 0;  ///< of the prior (warm_fit.hpp)
  double max_moved = 0.0;
  bool is_limited = true;
  int iterations = 0;
};

/// What of it may be told of a segment.
struct ToldSegment {
  profile::Count by_old_model;
  profile::Count customers;
  profile::Figure kept_share;  ///< of by_old_model, in whole per cent where anything may be withheld
};

/// Pure. One for each of `refresh.segments`. Sizes as profile::disclosed_sizes has them; a share of which the rest is
/// of few customers is withheld.
std::vector<ToldSegment> told_segments(const Refresh& refresh, const profile::DisclosureOptions& options);

/// Pure. refresh.csv: segment, name, fate, by_old_model, customers, kept_share, to, centre_moved.
std::string refresh_csv(const Refresh& refresh, const profile::DisclosureOptions& options);

}  // namespace cardseg::monitor
