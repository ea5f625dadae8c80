// Checkpoints of an unfinished run, in its directory: two slots, written in turn, so that one is whole at any moment.
//
// A slot is a line "cardseg-checkpoint 1 <SHA-256 of the rest>" and JSON. What is in it does not depend on ranks,
// threads or nodes; should an earlier attempt, cut off but alive, still write one, it writes what this attempt writes
// or has written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cardseg/cluster/fit_progress.hpp"

namespace cardseg::run {

struct Checkpoint {
  std::int64_t sequence = 0;  ///< counts the checkpoints of a run
  std::string written;        ///< when, for people
  /// What the run is of: job, options that shape results, versions, shards. Names are unique.
  std::vector<std::pair<std::string, std::string>> identity;
  std::string replaces;  ///< SHA-256 of the manifest of the complete run that this one will replace; empty: none
  cluster::FitProgress progress;
};

/// Local. Throws core::Error like io::write_file; the other slot is untouched.
void write_checkpoint(const std::filesystem::path& directory, const Checkpoint& checkpoint);

struct FoundCheckpoint {
  std::optional<Checkpoint> newest;  ///< of those that are whole
  std::string file;                  ///< its name in the directory
  std::vector<std::string> damaged;  ///< names of slots that are not whole
};

/// Local. Throws core::Error (permission, io) where a slot cannot be read.
FoundCheckpoint find_checkpoint(const std::filesystem::path& directory);

/// Local. Throws core::Error(permission).
void remove_checkpoints(const std::filesystem::path& directory);

/// Pure. The first difference between two identities, for people: "--seed was 1, is 2"; empty: none.
std::string difference(const std::vector<std::pair<std::string, std::string>>& then,
                       const std::vector<std::pair<std::string, std::string>>& now);

}  // namespace cardseg::run
