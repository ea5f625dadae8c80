// migration.csv and compare.json: a comparison for programs.
#pragma once

#include <string>
#include <vector>

#include "cardseg/monitor/published_migration.hpp"

namespace cardseg::monitor {

/// What segments are called on both sides; [0] is segment 1.
struct SideNames {
  std::vector<std::string> before;
  std::vector<std::string> after;

  /// "new", "closed", or the name of a segment.
  std::string from(int segment) const {
    return segment == 0 ? name_of(Part::entered) : before[std::size_t(segment - 1)];
  }
  std::string to(int segment) const { return segment == 0 ? name_of(Part::closed) : after[std::size_t(segment - 1)]; }
};

/// Pure. from, to, customers, mass, share_of_from, part: a line for each way and part that somebody went; what is
/// withheld is empty.
std::string migration_csv(const PublishedMigration& migration, const SideNames& names);
/// Pure. The whole comparison; what is withheld is "withheld".
std::string compare_json(const PublishedMigration& migration, const SideNames& names);

}  // namespace cardseg::monitor
