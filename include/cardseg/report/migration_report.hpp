// The page, and the closing lines, of a comparison of two segmentations.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cardseg/monitor/migration_tables.hpp"
#include "cardseg/monitor/published_migration.hpp"
#include "cardseg/profile/profile.hpp"
#include "cardseg/report/document.hpp"
#include "cardseg/report/run_summary.hpp"

namespace cardseg::report {

struct MigrationContent {
  const monitor::PublishedMigration& migration;
  const monitor::SideNames& names;
  const monitor::SideNames& meaning;               ///< what segments are called; empty where nobody says
  const std::optional<profile::Profile>& profile;  ///< group 1 stayed, group 2 moved
  const std::string& value_column;                 ///< empty: none
  const std::vector<std::string>& warnings;

  /// "3 Frequent travellers", "new".
  std::string from(int segment) const;
  std::string to(int segment) const;
};

/// Pure. What happened in figures; why; segment by segment; the matrix; a picture; who moves.
Document migration_report(const MigrationContent& content);
/// Pure. The same as a page.
std::string migration_html(const MigrationContent& content);
/// Pure. The closing lines of the job.
Document migration_summary(const MigrationContent& content, const RunCosts& costs, const std::string& directory);

}  // namespace cardseg::report
