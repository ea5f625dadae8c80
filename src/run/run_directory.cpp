#include "cardseg/run/run_directory.hpp"

#include <algorithm>
#include <new>
#include <nlohmann/json.hpp>
#include <set>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/parse_json.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/utf8.hpp"
#include "cardseg/run/run_files.hpp"

namespace cardseg::run {
namespace {

using core::Error;
using core::ExitCode;
using json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr const char* run_again = "Run the job again";

json to_json(const std::vector<std::pair<std::string, std::string>>& pairs) {
  json object = json::object();
  for (const auto& [name, value] : pairs) object[name] = value;
  return object;
}

json to_json(const std::vector<FileDigest>& files) {
  json list = json::array();
  for (const FileDigest& file : files) list.push_back({{"name", file.name}, {"sha256", file.sha256}});
  return list;
}

json to_json(const Conversion& conversion) {
  json sources = json::array();
  for (const SourceDigest& source : conversion.sources)
    sources.push_back({{"file", source.file}, {"bytes", source.bytes}, {"sha256", source.sha256}});
  json columns = json::array();
  for (const SourceColumn& column : conversion.columns) {
    json entry = {{"name", column.name}, {"count", column.count}, {"missing", column.missing}};
    if (!column.sum.empty()) entry["sum"] = column.sum;
    columns.push_back(entry);
  }
  return {
      {"record", conversion.record},
      {"sha256", conversion.sha256},
      {"sources", sources},
      {"rows",
       {{"read", conversion.rows_read}, {"written", conversion.rows_written}, {"rejected", conversion.rows_rejected}}},
      {"columns", columns}};
}

std::vector<std::pair<std::string, std::string>> pairs_from(const json& object) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& [name, value] : object.items()) pairs.emplace_back(name, value.get<std::string>());
  return pairs;
}

std::vector<FileDigest> files_from(const json& list) {
  std::vector<FileDigest> files;
  for (const json& file : list) files.push_back({file.at("name"), file.at("sha256")});
  return files;
}

void add_files(const fs::path& directory, const fs::path& below, files::Folder folder, std::vector<fs::path>& found) {
  std::error_code failure;
  for (fs::directory_iterator entry(directory / below, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    const fs::path name = entry->path().filename();
    if (entry->is_regular_file() && files::is_ours(name.string(), folder)) found.push_back(below / name);
  }
  if (failure)
    throw Error(ExitCode::permission, "cannot be listed: " + failure.message()).in_file((directory / below).string());
}

// The model directories of a study, relative to the run directory.
std::vector<fs::path> model_directories(const fs::path& directory) {
  std::vector<fs::path> found;
  std::error_code failure;
  for (fs::directory_iterator entry(directory / files::models, failure), end; !failure && entry != end;
       entry.increment(failure))
    if (entry->is_directory() && files::is_model_folder(entry->path().filename().string()))
      found.push_back(fs::path(files::models) / entry->path().filename());
  if (failure)
    throw Error(ExitCode::permission, "cannot be listed: " + failure.message())
        .in_file((directory / files::models).string());
  return found;
}

// Files of a run (whole or temporary) in a directory, relative to it. Whatever else is there is not ours.
std::vector<fs::path> files_of_run(const fs::path& directory) {
  std::vector<fs::path> found;
  add_files(directory, {}, files::Folder::top, found);
  if (fs::is_directory(directory / files::labels)) add_files(directory, files::labels, files::Folder::of_labels, found);
  if (fs::is_directory(directory / files::models))
    for (const fs::path& below : model_directories(directory))
      add_files(directory, below, files::Folder::of_model, found);
  std::ranges::sort(found);
  return found;
}

bool is_run(const std::vector<fs::path>& files) {
  return std::ranges::any_of(files, [](const fs::path& file) { return file.extension() != ".partial"; });
}

void remove_run(const fs::path& directory, std::vector<fs::path> old) {
  std::ranges::stable_partition(old, [](const fs::path& file) { return file == files::manifest; });
  for (const fs::path& file : old) {
    std::error_code failure;
    fs::remove(directory / file, failure);
    if (failure)
      throw Error(ExitCode::permission, "cannot be removed: " + failure.message()).in_file((directory / file).string());
  }
}

void check_keeps_inputs(const fs::path& directory, const std::vector<fs::path>& old,
                        const std::vector<fs::path>& inputs) {
  std::error_code ignored;
  std::set<fs::path> removed;
  for (const fs::path& file : old) removed.insert(fs::weakly_canonical(directory / file, ignored));
  for (const fs::path& input : inputs)
    if (!input.empty() && removed.contains(fs::weakly_canonical(input, ignored)))
      throw Error(ExitCode::cannot_create, "the run in this directory holds an input of this job, " + input.string())
          .in_file(directory.string())
          .remedy("Choose another " + core::field("output"));
}

void prepare(const fs::path& directory, bool overwrite, const std::vector<fs::path>& inputs) {
  io::make_directory(directory);
  const std::vector<fs::path> old = files_of_run(directory);
  if (is_run(old) && !overwrite) {
    const bool is_whole = std::ranges::find(old, fs::path(files::manifest)) != old.end();
    Error error(ExitCode::cannot_create, is_whole ? "the directory already holds a run"
                                                  : "the directory holds files of a run that did not finish");
    throw error.in_file(directory.string())
        .remedy("Choose another " + core::field("output") + ", or replace it with " + core::field("overwrite"));
  }
  check_keeps_inputs(directory, old, inputs);
}

}  // namespace

core::OptionTable describe(VerifyOptions& o) {
  return {"Run", {core::text(o.run, {"run", "DIR", core::Shapes::inputs, "run directory"})}};
}

std::string to_json(const Manifest& manifest) {
  json whole = {{"format", "cardseg-manifest"},
                {"format_version", 1},
                {"job", manifest.job},
                {"config", to_json(manifest.config)},
                {"versions", to_json(manifest.versions)},
                {"rows", manifest.rows},
                {"inputs", to_json(manifest.inputs)},
                {"outputs", to_json(manifest.outputs)},
                {"warnings", manifest.warnings}};
  if (manifest.segmented) whole["segmented"] = *manifest.segmented;
  for (const Conversion& conversion : manifest.lineage) whole["lineage"].push_back(to_json(conversion));
  return whole.dump(1) + "\n";
}

Manifest manifest_from_json(const std::string& text) {
  try {
    const json j = core::parse_json<json>(text);
    if (j.at("format") != "cardseg-manifest") throw std::invalid_argument("it has another format");
    return {j.at("job"),
            pairs_from(j.at("config")),
            pairs_from(j.at("versions")),
            j.at("rows"),
            files_from(j.at("inputs")),
            files_from(j.at("outputs")),
            j.value("warnings", std::vector<std::string>()),
            j.contains("segmented") ? std::optional<std::int64_t>(j.at("segmented")) : std::nullopt};
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const json::parse_error& error) {  // its own text repeats some of the file
    throw Error(ExitCode::bad_data, "it is not JSON from byte " + std::to_string(error.byte) + " on").remedy(run_again);
  } catch (const std::exception&) {
    throw Error(ExitCode::bad_data, "it is not a manifest of cardseg").remedy(run_again);
  }
}

void prepare_run_directory(const comm::Communicator& comm, const fs::path& directory, bool overwrite,
                           const std::vector<fs::path>& inputs) {
  comm::agree(comm, [&] {
    if (comm.is_root()) prepare(directory, overwrite, inputs);
  });
}

void clear_run_directory(const comm::Communicator& comm, const fs::path& directory,
                         const std::vector<std::string>& subdirectories) {
  comm::agree(comm, [&] {
    if (!comm.is_root()) return;
    remove_run(directory, files_of_run(directory));
    remove_empty_folders(directory);
    for (const std::string& below : subdirectories) io::make_directory(directory / below);
  });
}

void remove_empty_folders(const fs::path& directory) {
  std::error_code not_empty;
  std::vector<fs::path> below = {files::labels};
  if (fs::is_directory(directory / files::models, not_empty)) {
    below = model_directories(directory);
    below.insert(below.end(), {files::models, files::labels});
  }
  for (const fs::path& each : below) fs::remove(directory / each, not_empty);
}

void check_is_directory(const fs::path& directory) {
  std::error_code unreachable;
  if (!fs::is_directory(directory, unreachable))
    throw Error(ExitCode::input_missing, "there is no such directory")
        .in_file(directory.string())
        .remedy("Name a run directory");
}

bool holds_files_of_run(const fs::path& directory) { return is_run(files_of_run(directory)); }

std::string manifest_digest(const fs::path& directory) {
  std::error_code unreachable;
  const fs::path manifest = directory / files::manifest;
  return fs::exists(manifest, unreachable) ? io::sha256_of_file(manifest) : "";
}

std::vector<FileDigest> digest_outputs(const comm::Communicator& comm, const fs::path& directory,
                                       const std::vector<std::string>& names) {
  const core::Range mine = core::local_range(comm.rank(), static_cast<std::int64_t>(names.size()), comm.size());
  const std::string local_digests = comm::agree(comm, [&] {
    std::string digests;
    for (std::int64_t i = mine.begin; i < mine.end; ++i)
      digests += io::sha256_of_file(directory / names[static_cast<std::size_t>(i)]);
    return digests;
  });
  std::string joined;
  for (const std::string& text : comm.allgather(local_digests)) joined += text;
  std::vector<FileDigest> files;
  for (std::size_t i = 0; i < names.size(); ++i) files.push_back({names[i], joined.substr(64 * i, 64)});
  return files;
}

namespace {

// Whether a name of a manifest stays in its run's directory.
bool is_below(const fs::path& name) {
  return name.is_relative() && !name.empty() && std::ranges::find(name, fs::path("..")) == name.end();
}

}  // namespace

void check_is_finished(const fs::path& directory) {
  check_is_directory(directory);
  std::error_code unreachable;
  if (!fs::exists(directory / files::manifest, unreachable))
    throw Error(ExitCode::bad_data, std::string("the run is incomplete: it has no ") + files::manifest)
        .in_file(directory.string())
        .remedy("If it is a run that did not finish, run the job again; else name a run directory");
}

Manifest manifest_of(const fs::path& directory) {
  check_is_finished(directory);
  const fs::path path = directory / files::manifest;
  const std::string text = io::read_file(path);
  try {
    return manifest_from_json(text);
  } catch (Error& error) {
    throw error.in_file(path.string());
  }
}

std::vector<Finding> verify_run(const fs::path& directory) {
  const Manifest manifest = manifest_of(directory);
  std::vector<Finding> findings;
  if (manifest.outputs.empty()) findings.push_back({files::manifest, "names no file"});
  std::set<std::string> known = {files::manifest, files::run_record};
  for (const FileDigest& file : manifest.outputs) {
    known.insert(file.name);
    if (!is_below(file.name)) {
      findings.push_back({io::shown(file.name), "not a file below the run"});
    } else if (!fs::exists(fs::symlink_status(directory / file.name))) {
      findings.push_back({file.name, "missing"});
    } else if (!fs::is_regular_file(fs::symlink_status(directory / file.name))) {
      findings.push_back({file.name, "not a regular file"});
    } else if (io::sha256_of_file(directory / file.name) != file.sha256) {
      findings.push_back({file.name, "changed"});
    }
  }
  for (const fs::path& file : files_of_run(directory))
    if (!known.contains(file.string())) findings.push_back({file.string(), "not in the manifest"});
  return findings;
}

void validate(const VerifyOptions& options) {
  if (options.run.empty()) throw Error(ExitCode::usage, "no run directory is named").remedy("cardseg verify RUN");
}

std::string text_of(const std::vector<Finding>& findings, const fs::path& directory) {
  if (findings.empty()) return directory.string() + ": every file is as the run wrote it";
  std::string text;
  for (const Finding& finding : findings) text += (text.empty() ? "" : "\n") + finding.file + ": " + finding.what;
  return text;
}

void throw_if_any(const std::vector<Finding>& findings, const fs::path& directory) {
  if (findings.empty()) return;
  throw Error(ExitCode::bad_data, std::to_string(findings.size()) +
                                      (findings.size() == 1 ? " file differs" : " files differ") + " from the manifest")
      .in_file(directory.string())
      .remedy("Run the job again");
}

}  // namespace cardseg::run
