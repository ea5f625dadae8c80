#include "cardseg/io/shard_staging.hpp"

#include <algorithm>
#include <system_error>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/io/atomic_file.hpp"

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;
namespace fs = std::filesystem;

constexpr std::size_t least_digits = 5;

std::string padded(std::int64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

bool is_all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// `<stem>-<digits>-of-<digits>.h5`
bool is_shard_of(const std::string& stem, const std::string& name) {
  if (!name.starts_with(stem + "-") || !name.ends_with(".h5")) return false;
  const std::string numbers = name.substr(stem.size() + 1, name.size() - stem.size() - 4);
  const std::size_t middle = numbers.find("-of-");
  return middle != std::string::npos && is_all_digits(numbers.substr(0, middle)) &&
         is_all_digits(numbers.substr(middle + 4));
}

bool is_hdf5_name(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".h5" || extension == ".hdf5";
}

void remove_file(const fs::path& file) {
  std::error_code failure;
  fs::remove(file, failure);
  if (!failure) return;
  Error error(ExitCode::io, "cannot be removed: " + failure.message());
  error.in_file(file.string());
  throw error;
}

// Throws core::Error(io) where the directory cannot be read.
std::vector<fs::path> hdf5_files(const fs::path& directory) {
  std::vector<fs::path> files;
  std::error_code failure;
  for (fs::directory_iterator at(directory, failure), end; !failure && at != end; at.increment(failure))
    if (is_hdf5_name(at->path())) files.push_back(at->path());
  if (!failure) return files;
  Error error(ExitCode::io, "cannot be listed: " + failure.message());
  error.in_file(directory.string());
  throw error;
}

}  // namespace

std::string shard_name(const std::string& stem, std::int64_t shard, std::int64_t shards) {
  const std::size_t digits = std::max(least_digits, std::to_string(shards).size());
  return stem + "-" + padded(shard, digits) + "-of-" + padded(shards, digits) + ".h5";
}

ShardStaging::ShardStaging(const comm::Communicator& comm, fs::path directory, std::string stem,
                           std::vector<std::string> companions, bool overwrite)
    : comm_(comm),
      directory_(std::move(directory)),
      staging_(directory_ / ("." + stem + ".partial")),
      stem_(std::move(stem)),
      companions_(std::move(companions)) {
  comm::agree(comm_, [&] {
    if (!comm_.is_root()) return;
    std::error_code unreachable;
    made_directory_ = !fs::exists(directory_, unreachable);
    make_directory(directory_);
    check_directory(overwrite);
    std::error_code ignored;
    fs::remove_all(staging_, ignored);  // of a job that was killed
    make_directory(staging_);
  });
}

ShardStaging::~ShardStaging() {
  std::error_code ignored;
  if (!comm_.is_root()) return;
  fs::remove_all(staging_, ignored);
  if (made_directory_) fs::remove(directory_, ignored);  // which fails where it is not empty
}

void ShardStaging::check_directory(bool overwrite) const {
  const auto refuse = [&](const std::string& reason, const std::string& remedy) {
    Error error(ExitCode::cannot_create, reason);
    error.in_file(directory_.string()).remedy(remedy);
    throw error;
  };
  for (const std::string& name : companions_)
    if (!overwrite && fs::exists(directory_ / name))
      refuse("holds a file '" + name + "' already", "Choose another directory, or " + core::field("overwrite"));
  for (const fs::path& file : hdf5_files(directory_)) {
    if (!overwrite) refuse("holds HDF5 files already", "Choose another directory, or " + core::field("overwrite"));
    if (!is_shard_of(stem_, file.filename().string()))
      refuse("holds HDF5 files that are not shards of '" + stem_ + "'",
             "Choose another directory: they would be mixed");
  }
}

void ShardStaging::publish(const std::vector<std::string>& local_names) {
  comm::agree(comm_, [&] {
    if (comm_.is_root()) remove_older();
  });
  try {
    comm::agree(comm_, [&] { move_out(local_names); });
  } catch (...) {
    std::error_code ignored;
    for (const std::string& name : local_names) fs::remove(directory_ / name, ignored);
    throw;
  }
}

void ShardStaging::remove_older() const {
  for (const fs::path& file : hdf5_files(directory_))
    if (is_shard_of(stem_, file.filename().string())) remove_file(file);
  for (const std::string& name : companions_) remove_file(directory_ / name);
}

void ShardStaging::move_out(const std::vector<std::string>& local_names) const {
  for (const std::string& name : local_names) commit_file(staging_ / name, directory_ / name);
}

}  // namespace cardseg::io
