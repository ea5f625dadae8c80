#include "cardseg/run/run_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "cardseg/io/owner_lock.hpp"
#include "cardseg/profile/profile_tables.hpp"

namespace cardseg::run::files {
namespace {

constexpr std::array top_files = {manifest,     run_record,  model,        segments,     centroids,
                                  report,       map_csv,     profile_csv,  profile_json, study_csv,
                                  study_json,   scaling_csv, scaling_json, scaling_svg,  migration_csv,
                                  compare_json, risk_csv,    refresh_csv,  outcome_csv,  outcome_json,
                                  rules,        drift_csv,   drift_json,   flows_csv,    trust_csv};
constexpr std::array model_files = {model, centroids};
constexpr const char* left_over = ".partial";

bool holds(std::span<const char* const> names, const std::string& name) {
  return std::ranges::any_of(names, [&](const char* each) { return name == each; });
}

bool begins_with_any(std::span<const char* const> names, const std::string& name) {
  return std::ranges::any_of(names, [&](const char* each) { return name.starts_with(std::string(each) + "."); });
}

bool is_label_file(const std::string& name) {
  if (name.ends_with(left_over))
    return name.find(".h5.") != std::string::npos || name.find(".hdf5.") != std::string::npos;
  return name.ends_with(".h5") || name.ends_with(".hdf5");
}

}  // namespace

std::string model_folder(int segment_count) { return fmt::format("{}/k{:02}", models, segment_count); }

bool is_model_folder(const std::string& name) {
  return name.size() >= 3 && name[0] == 'k' && name.find_first_not_of("0123456789", 1) == std::string::npos;
}

bool is_ours(const std::string& name, Folder folder) {
  if (folder == Folder::of_labels) return is_label_file(name);
  if (folder == Folder::top && io::is_owners_file(name)) return name.ends_with(left_over);
  const auto known = folder == Folder::of_model ? std::span<const char* const>(model_files) : top_files;
  if (folder == Folder::top && name.starts_with(profile::crosstab_file_prefix))
    return name.ends_with(".csv") || (name.ends_with(left_over) && name.find(".csv.") != std::string::npos);
  if (!name.ends_with(left_over)) return holds(known, name);
  return begins_with_any(known, name) || (folder == Folder::top && begins_with_any(checkpoints, name));
}

}  // namespace cardseg::run::files
