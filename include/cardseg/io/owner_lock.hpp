// One job at a time writes into a directory: a file there says which one.
//
// The file, owner.json, appears under its name whole and where none is (link, else O_EXCL). Its time of change is the
// owner's sign of life. Where an owner is gone, another job takes the directory over: on the same machine when the
// process is gone, from another machine when there was no sign of life for long, and at once when Slurm runs the
// owner's own job again.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cardseg/core/error.hpp"

namespace cardseg::io {

inline constexpr const char* owner_file = "owner.json";
inline constexpr const char* progress_file = "progress.json";  ///< what the owner says of its work

/// True for both files and for what a kill may leave of them: a directory that holds no more is empty.
bool is_owners_file(const std::string& name);

/// How often an owner gives a sign of life, and after how long without one it counts as gone on other machines: longer
/// than network file systems keep a file's times in their caches.
inline constexpr std::chrono::seconds sign_of_life_every{5};
inline constexpr std::chrono::seconds gone_after{180};

/// Who writes into a directory.
struct Owner {
  std::string job;  ///< "fit"
  std::string host;
  std::int64_t process = 0;
  std::string process_start;  ///< in the kernel's ticks: a number of a process is used again
  std::string machine;        ///< within which numbers of processes mean the same: boot and process namespace
  std::string started;        ///< UTC
  std::string slurm_cluster;  ///< these are empty outside of Slurm
  std::string slurm_job;
  std::int64_t slurm_restarts = 0;

  bool operator==(const Owner&) const = default;
};

/// Local. This process, beginning a job now.
Owner this_owner(const std::string& job);

/// "fit, process 17 on n1 since 2026-02-03T04:05:06Z, Slurm job 4"
std::string name_of(const Owner& owner);

std::string to_json(const Owner& owner);
/// Nothing where the text is not of an owner.
std::optional<Owner> owner_from_json(const std::string& text);

struct FoundOwner {
  Owner owner;
  double silent_s = 0.0;  ///< since its last sign of life
  bool is_here = false;   ///< its process can be looked up from this one
  bool is_gone = false;
};

/// Local. The owner of a directory as its file has it; nothing where there is none. Throws core::Error: permission, io;
/// cannot_create where the file is of something else.
std::optional<FoundOwner> find_owner(const std::filesystem::path& directory);

/// Pure. True where `now` is `before`, run again by Slurm.
bool is_run_again(const Owner& before, const Owner& now);

/// Local. The right to write into a directory, until destroyed.
class OwnerLock {
 public:
  /// Makes the directory where absent. Throws core::Error: cannot_create, naming the owner, where a job works in it;
  /// cannot_create, permission or io where nothing can be written.
  OwnerLock(std::filesystem::path directory, const std::string& job);
  /// Removes the owner's files, and the directories that the constructor made where they are empty.
  ~OwnerLock();
  OwnerLock(const OwnerLock&) = delete;
  OwnerLock& operator=(const OwnerLock&) = delete;

  const std::filesystem::path& directory() const { return directory_; }
  const Owner& owner() const { return mine_; }
  /// Whose place this job took: it was gone.
  const std::optional<Owner>& replaced() const { return replaced_; }

  /// Throws core::Error(cannot_create), naming the owner, where the directory is another job's by now.
  void check() const;
  /// Gives a sign of life, in a directory that is still this job's.
  void beat() const noexcept;

 private:
  bool take();
  void release() noexcept;

  std::filesystem::path directory_;
  Owner mine_;
  std::optional<Owner> replaced_;
  std::vector<std::filesystem::path> made_;  // deepest first
};

}  // namespace cardseg::io
