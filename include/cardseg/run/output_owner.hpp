// A job owns the directory that it writes from its first second to its last: io::OwnerLock for all ranks, with
// progress.json beside it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "cardseg/cli/describe.hpp"
#include "cardseg/cli/job.hpp"
#include "cardseg/io/owner_lock.hpp"

namespace cardseg::run {

class OutputOwner {
 public:
  /// Collective. Makes the directory where absent and takes it for `job`, or throws comm::AgreedError: usage where no
  /// output is named, else as io::OwnerLock. From now on rank 0 gives signs of life and writes how far the job is.
  OutputOwner(cli::Context& context, const cli::OutputOptions& output, const std::string& job);
  /// Gives the directory back; what is empty of what the job made is removed.
  ~OutputOwner();
  OutputOwner(const OutputOwner&) = delete;
  OutputOwner& operator=(const OutputOwner&) = delete;

  const std::filesystem::path& directory() const { return directory_; }
  cli::Context& context() const { return context_; }
  /// On the root alone.
  const io::Owner& owner() const;

  /// Collective, before anything gets its final name. Throws comm::AgreedError(cannot_create), naming the other job,
  /// where the directory is another's by now, or a finished run has appeared in it that was not there at first.
  void check() const;
  /// The run that was there at first is removed: any other is another job's.
  void forget_earlier_run() { earlier_manifest_.clear(); }

 private:
  class Root;  // what rank 0 has

  cli::Context& context_;
  std::filesystem::path directory_;
  std::string earlier_manifest_;  // its SHA-256, on the root
  std::unique_ptr<Root> root_;
};

}  // namespace cardseg::run
