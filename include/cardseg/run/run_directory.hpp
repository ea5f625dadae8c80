// A run's directory: nothing in it is replaced, and manifest.json, written last, says that it is whole.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/option.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/run/lineage.hpp"

namespace cardseg::run {

/// Which run is verified.
struct VerifyOptions {
  std::string run;  ///< its directory
};

core::OptionTable describe(VerifyOptions& options);
/// Throws core::Error(usage) where no run is named.
void validate(const VerifyOptions& options);

/// A file and its digest; the name is relative to the run directory, or the file name of a shard.
struct FileDigest {
  std::string name;
  std::string sha256;
};

/// What went into a run. The same run gives the same text on any number of ranks and threads.
struct Manifest {
  std::string job;                                            ///< "fit", "assign", "study"
  std::vector<std::pair<std::string, std::string>> config;    ///< options that shape results, sorted by name
  std::vector<std::pair<std::string, std::string>> versions;  ///< cardseg, C library, ...
  std::int64_t rows = 0;
  std::vector<FileDigest> inputs;
  std::vector<FileDigest> outputs;
  std::vector<std::string> warnings;           ///< what a reader of the result must know
  std::optional<std::int64_t> segmented = {};  ///< rows that a filter selected; none: there is no filter
  std::vector<Conversion> lineage = {};        ///< of shards that `convert` made; a manifest that is read has none
};

std::string to_json(const Manifest& manifest);
/// Throws core::Error(bad_data) where the text is no manifest.
Manifest manifest_from_json(const std::string& text);

/// Local. Throws core::Error: input_missing where there is no such directory, bad_data where it holds no finished run.
void check_is_finished(const std::filesystem::path& directory);

/// Local. The manifest of a finished run. Throws core::Error: input_missing where there is no such directory, bad_data
/// where the run is not finished or its manifest is none.
Manifest manifest_of(const std::filesystem::path& directory);

/// Collective. Finds out, before hours of work, that a run can be written to `directory`: it is created where absent;
/// where it holds a run, or part of one, that is refused without `overwrite` (temporary files alone are no part of
/// one), and also where that run holds one of `inputs`. Removes nothing. Throws comm::AgreedError: cannot_create,
/// permission.
void prepare_run_directory(const comm::Communicator& comm, const std::filesystem::path& directory, bool overwrite,
                           const std::vector<std::filesystem::path>& inputs);

/// Collective. Removes an earlier run, its manifest first, when a new one is about to be written. Only files that
/// cardseg writes are ever removed, and directories that this leaves empty. Makes `subdirectories`, which the new run
/// will fill: labels, or models/k05 and the like. Throws comm::AgreedError: permission, cannot_create.
void clear_run_directory(const comm::Communicator& comm, const std::filesystem::path& directory,
                         const std::vector<std::string>& subdirectories);

/// Local. Removes those folders of a run (labels, models/...) that are empty.
void remove_empty_folders(const std::filesystem::path& directory);

/// Local. Throws core::Error(input_missing) where there is no such directory.
void check_is_directory(const std::filesystem::path& directory);
/// Local. True where there is a run, or part of one; temporary files alone are no part of one.
bool holds_files_of_run(const std::filesystem::path& directory);

/// Local. SHA-256 of the manifest; empty where there is none. Throws core::Error as io::sha256_of_file.
std::string manifest_digest(const std::filesystem::path& directory);

/// Collective. Digests of outputs, each file read by one rank. Names are relative to `directory`.
std::vector<FileDigest> digest_outputs(const comm::Communicator& comm, const std::filesystem::path& directory,
                                       const std::vector<std::string>& names);

/// One difference between a run directory and its manifest.
struct Finding {
  std::string file;
  std::string what;  ///< "missing", "changed", "not in the manifest"
};

/// A line for each finding; where there is none, that there is none.
std::string text_of(const std::vector<Finding>& findings, const std::filesystem::path& directory);
/// Throws core::Error(bad_data) that counts the findings.
void throw_if_any(const std::vector<Finding>& findings, const std::filesystem::path& directory);

/// Local. Re-hashes a run. Throws core::Error: input_missing where there is no run, bad_data where it is incomplete.
std::vector<Finding> verify_run(const std::filesystem::path& directory);

}  // namespace cardseg::run
