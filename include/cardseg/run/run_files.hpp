// The files of a run: the only place that knows their names, but for profile::crosstab_file_name().
#pragma once

#include <array>
#include <string>

namespace cardseg::run::files {

inline constexpr const char* manifest = "manifest.json";  ///< written last: the run is whole
inline constexpr const char* run_record = "run.json";     ///< what varies from one run to the next
inline constexpr const char* model = "model.json";
inline constexpr const char* segments = "segments.csv";
inline constexpr const char* centroids = "centroids.csv";
inline constexpr const char* rules = "rules.csv";
inline constexpr const char* report = "report.html";
inline constexpr const char* map_csv = "map.csv";
inline constexpr const char* profile_csv = "profile.csv";
inline constexpr const char* profile_json = "profile.json";
inline constexpr const char* migration_csv = "migration.csv";
inline constexpr const char* compare_json = "compare.json";
inline constexpr const char* risk_csv = "risk.csv";
inline constexpr const char* refresh_csv = "refresh.csv";
inline constexpr const char* outcome_csv = "outcome.csv";
inline constexpr const char* outcome_json = "outcome.json";
inline constexpr const char* study_csv = "study.csv";
inline constexpr const char* study_json = "study.json";
inline constexpr const char* flows_csv = "flows.csv";
inline constexpr const char* trust_csv = "trust.csv";
inline constexpr const char* scaling_csv = "scaling.csv";
inline constexpr const char* scaling_json = "scaling.json";
inline constexpr const char* scaling_svg = "scaling.svg";
inline constexpr const char* drift_csv = "drift.csv";
inline constexpr const char* drift_json = "drift.json";
/// Two slots of an unfinished run (checkpoint.hpp).
inline constexpr std::array checkpoints = {"checkpoint.0", "checkpoint.1"};

inline constexpr const char* labels = "labels";  ///< a folder: a file for each shard
inline constexpr const char* models = "models";  ///< a folder: a folder for each number of segments of a study

/// "models/k05", where a study keeps the model of 5 segments.
std::string model_folder(int segment_count);
/// The last part of such a path.
bool is_model_folder(const std::string& name);

/// A folder of a run.
enum class Folder { top, of_labels, of_model };

/// A file that cardseg writes into this folder of a run, or what a kill may leave of one: the final name, host and
/// process, .partial. Of checkpoints only what is left over: whole ones belong to a run that is to go on.
bool is_ours(const std::string& name, Folder folder);

}  // namespace cardseg::run::files
