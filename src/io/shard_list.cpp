#include "cardseg/io/shard_list.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <utility>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/io/utf8.hpp"

namespace cardseg::io {
namespace {

using core::Error;
using core::ExitCode;
namespace fs = std::filesystem;

bool is_shard_name(const fs::path& path) { return path.extension() == ".h5" || path.extension() == ".hdf5"; }

void add_directory(const fs::path& directory, std::vector<fs::path>& files) {
  const std::size_t before = files.size();
  std::error_code failure;
  for (fs::directory_iterator entry(directory, failure), end; !failure && entry != end; entry.increment(failure))
    if (is_shard_name(entry->path())) files.push_back(entry->path());
  if (failure) {
    Error error(failure == std::errc::permission_denied ? ExitCode::permission : ExitCode::io,
                "the directory cannot be listed: " + failure.message());
    throw error.in_file(directory.string())
        .remedy("Check the path given with " + core::field("shards") + " and its permissions");
  }
  if (files.size() > before) return;
  Error error(ExitCode::input_missing, "the directory holds no shard (*.h5, *.hdf5)");
  throw error.in_file(directory.string())
      .remedy("'cardseg convert' makes shards from CSV, 'cardseg generate' synthetic ones");
}

// The shards that an input names: itself, or what a directory lists. One rule for both: links are followed, to whatever
// passes the validator.
void add_input(const fs::path& input, std::vector<fs::path>& files) {
  std::error_code failure;
  const fs::file_status status = fs::status(input, failure);
  if (status.type() == fs::file_type::not_found || status.type() == fs::file_type::none) {
    const bool is_denied = failure == std::errc::permission_denied;
    Error error(is_denied ? ExitCode::permission : ExitCode::input_missing,
                is_denied ? "cannot be reached: permission denied" : "there is no such file or directory");
    throw error.in_file(input.string()).remedy("Check the path given with " + core::field("shards"));
  }
  if (status.type() != fs::file_type::directory) return files.push_back(input);
  add_directory(input, files);
}

void check_file_names(const std::vector<fs::path>& files) {
  for (const fs::path& file : files)
    if (!is_utf8(file.string())) {
      Error error(ExitCode::bad_data, "the name is not UTF-8");
      throw error.in_file(shown(file.string())).remedy("Rename the file: reports and the manifest name it");
    }
  for (std::size_t i = 1; i < files.size(); ++i) {
    if (files[i].filename() != files[i - 1].filename()) continue;
    if (files[i] == files[i - 1])
      throw Error(ExitCode::bad_data, "the shard is given twice").in_file(files[i].string()).remedy("Name it once");
    Error error(ExitCode::bad_data, "two shards have this file name; the other is " + files[i - 1].string());
    throw error.in_file(files[i].string()).remedy("File names order the rows and name the outputs: make them differ");
  }
}

// Customers would count twice where two names lead to one file.
void check_distinct_files(const std::vector<fs::path>& files) {
  std::map<std::pair<dev_t, ino_t>, fs::path> seen;
  for (const fs::path& file : files) {
    struct stat facts {};
    if (::stat(file.c_str(), &facts) != 0) continue;  // opening it says why
    const auto [first, is_new] = seen.emplace(std::pair(facts.st_dev, facts.st_ino), file);
    if (is_new) continue;
    Error error(ExitCode::bad_data,
                "is the same file as " + first->second.string() + ", so its customers would count twice");
    throw error.in_file(file.string()).remedy("Remove one of the two names");
  }
}

void refuse_link(const fs::path& path) {
  std::error_code unreachable;
  if (!fs::is_symlink(path, unreachable)) return;
  Error error(ExitCode::permission, "is a symbolic link, which " + core::field("no-links") + " refuses");
  throw error.in_file(path.string()).remedy("Name what it leads to, or leave " + core::field("no-links") + " out");
}

}  // namespace

std::vector<fs::path> list_shards(const std::vector<fs::path>& inputs) {
  if (inputs.empty()) {
    Error error(ExitCode::input_missing, "no shard is given");
    throw error.remedy("Name shards or a directory of shards with " + core::field("shards"));
  }
  std::vector<fs::path> files;
  for (const fs::path& input : inputs) add_input(input, files);
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
    return a.filename() != b.filename() ? a.filename() < b.filename() : a < b;
  });
  check_file_names(files);
  check_distinct_files(files);
  return files;
}

void refuse_links(const std::vector<fs::path>& inputs) {
  for (const fs::path& input : inputs)
    refuse_link(input.has_filename() ? input : input.parent_path());  // "shards/" is "shards"
  for (const fs::path& file : list_shards(inputs)) refuse_link(file);
}

}  // namespace cardseg::io
