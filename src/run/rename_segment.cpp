#include "cardseg/run/rename_segment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/name_list.hpp"
#include "cardseg/core/parse_json.hpp"
#include "cardseg/core/sha256.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/csv_table.hpp"
#include "cardseg/io/owner_lock.hpp"
#include "cardseg/io/utf8.hpp"
#include "cardseg/report/name_marks.hpp"
#include "cardseg/report/numbers.hpp"
#include "cardseg/run/run_directory.hpp"
#include "cardseg/run/run_files.hpp"
#include "cardseg/segments/model_json.hpp"

namespace cardseg::run {
namespace {

using core::Error;
using core::ExitCode;
using core::field;
using json = nlohmann::ordered_json;
namespace fs = std::filesystem;

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(std::max<std::size_t>(io::code_point_bytes(text), 1));
  return count;
}

[[noreturn]] void refuse_name(const std::string& reason, const std::string& remedy) {
  throw Error(ExitCode::usage, field("name") + " " + reason).remedy(remedy);
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// What is to be done: segment `number` (from 1), called `from`, is to be called `to`.
struct Renaming {
  int number = 0;
  std::string from;
  std::string to;
};

// segments.csv with another name; the bytes of everything else stay.
std::string renamed_table(const std::string& table, int number, const std::string& name) {
  io::CsvReader reader(table);
  io::CsvRecord record;
  reader.next(record);
  const auto place = std::ranges::find(record.fields, "name") - record.fields.begin();
  io::CsvWriter writer(record.fields);
  for (int line = 1; reader.next(record); ++line) {
    if (line == number && place < std::ssize(record.fields)) record.fields[static_cast<std::size_t>(place)] = name;
    writer.add_row({record.fields.begin(), record.fields.end()});
  }
  return writer.text();
}

// A file of the run that holds names, as it is and as it may have been or may become.
struct NamedFile {
  const char* file;
  std::string text;
  std::string renamed;
  std::string before;  ///< where a rename that was cut off has changed it
};

NamedFile table_file(const fs::path& run, const Renaming& renaming) {
  const std::string text = io::read_file(run / files::segments);
  return {files::segments, text, renamed_table(text, renaming.number, renaming.to),
          renamed_table(text, renaming.number, renaming.from)};
}

NamedFile report_file(const fs::path& run, const Renaming& renaming) {
  const std::string text = io::read_file(run / files::report);
  return {files::report, text, report::with_name(text, renaming.from, renaming.to),
          report::with_name(text, renaming.to, renaming.from)};
}

NamedFile model_file(const fs::path& run, segments::Model model, const Renaming& renaming) {
  const std::string text = io::read_file(run / files::model);
  if (segments::to_json(model) != text)
    throw Error(ExitCode::bad_data, "this version of cardseg writes models in another way than the one that wrote it")
        .in_file((run / files::model).string())
        .remedy("Run the fit again with this version, or rename with that one");
  segments::SegmentName& name = model.names[static_cast<std::size_t>(renaming.number - 1)];
  name.name = renaming.to;
  name.is_given = true;
  return {files::model, text, segments::to_json(model), text};
}

std::vector<NamedFile> named_files(const fs::path& run, const segments::Model& model, const Renaming& renaming) {
  return {table_file(run, renaming), report_file(run, renaming), model_file(run, model, renaming)};
}

std::string digest_in(const json& manifest, const std::string& file) {
  for (const json& output : manifest.at("outputs"))
    if (output.at("name") == file) return output.at("sha256");
  return "";
}

// Half a file, which a renaming that was killed left behind: no job works in the directory now.
bool is_left_over(const Finding& finding) {
  return finding.what == "not in the manifest" && fs::path(finding.file).extension() == ".partial";
}

// The run is as its manifest says; or the same renaming was cut off, which explains every file that is not.
void check_is_whole(const fs::path& run, const json& manifest, const std::vector<NamedFile>& named) {
  std::vector<Finding> findings = verify_run(run);
  std::erase_if(findings, [&](const Finding& finding) {
    if (is_left_over(finding)) return fs::remove(run / finding.file);
    const auto file = std::ranges::find(named, finding.file, &NamedFile::file);
    if (file == named.end()) return false;
    const std::string expected = digest_in(manifest, finding.file);
    return core::sha256_hex(file->renamed) == expected || core::sha256_hex(file->before) == expected;
  });
  if (findings.empty()) return;
  throw Error(ExitCode::bad_data, "the run is not as it was written: " + text_of(findings, run))
      .in_file(run.string())
      .remedy("Run the job again; where giving a name was cut off, give that name again first");
}

json read_manifest(const fs::path& path) {
  const std::string text = io::read_file(path);
  try {
    manifest_from_json(text);
    json manifest = core::parse_json<json>(text);
    if (manifest.dump(1) + "\n" != text)
      throw Error(ExitCode::bad_data, "its layout was changed").remedy("Run the job again");
    return manifest;
  } catch (Error& error) {
    throw error.in_file(path.string());
  }
}

void set_digest(json& manifest, const NamedFile& file) {
  for (json& output : manifest.at("outputs"))
    if (output.at("name") == file.file) output["sha256"] = core::sha256_hex(file.renamed);
}

Renaming renaming_of(const segments::Model& model, const NameOptions& options) {
  if (options.segment < 1 || options.segment > model.segments())
    throw Error(ExitCode::usage, fmt::format("{} cannot be {}", field("segment"), options.segment))
        .remedy(fmt::format("The run has segments 1 to {}", model.segments()));
  for (int j = 1; j <= model.segments(); ++j)
    if (j != options.segment && lower(model.names[static_cast<std::size_t>(j - 1)].name) == lower(options.name))
      throw Error(ExitCode::usage, fmt::format("segment {} has this name already", j))
          .remedy("Give each segment a name of its own");
  return {options.segment, model.names[static_cast<std::size_t>(options.segment - 1)].name, options.name};
}

}  // namespace

core::OptionTable describe(NameOptions& o) {
  return {"Run",
          {core::text(o.run, {"run", "DIR", core::Shapes::inputs, "run directory"}),
           core::number(o.segment, {0, 1'000'000},
                        {"segment", "N", core::Shapes::result, "segment to rename; 0: show what all are called"}),
           core::text(o.name,
                      {"name", "NAME", core::Shapes::result,
                       fmt::format("what it is called from now on, at most {} characters", most_name_characters)})}};
}

void validate(const NameOptions& options) {
  if (options.run.empty())
    throw Error(ExitCode::usage, "no run directory is named").remedy("cardseg name RUN SEGMENT NAME");
  if ((options.segment == 0) != options.name.empty())
    throw Error(ExitCode::usage,
                options.name.empty() ? "there is no name for the segment" : "the name is of no segment")
        .remedy("cardseg name RUN SEGMENT NAME");
  if (!options.name.empty()) check_segment_name(options.name);
}

void check_segment_name(const std::string& name) {
  if (core::trimmed(name) != name || name.empty())
    refuse_name("is empty or has blanks around it", "Write the name without them");
  if (report::readable(name) != name || name.find(report::name_mark) != std::string::npos)
    refuse_name("holds a control character, or is not UTF-8", "Write it in letters, digits and signs");
  if (characters(name) > most_name_characters)
    refuse_name(fmt::format("has {} characters", characters(name)),
                fmt::format("At most {} fit where names stand", most_name_characters));
  if (std::string_view("=+-@").find(name.front()) != std::string_view::npos)
    refuse_name("begins like a formula, which a spreadsheet that opens segments.csv would compute",
                "Begin it with a letter or a digit");
}

segments::Model named_model(const std::string& run) {
  check_is_finished(run);
  std::error_code unreachable;
  if (!fs::exists(fs::path(run) / files::model, unreachable) ||
      !fs::exists(fs::path(run) / files::segments, unreachable))
    throw Error(ExitCode::bad_data, "the run has no segments with names")
        .in_file(run)
        .remedy("Name the run directory of a fit");
  return segments::read_model(fs::path(run) / files::model);
}

void rename_segment(const NameOptions& options) {
  if (options.name.empty()) return;
  const fs::path run = options.run;
  named_model(options.run);  // before anything is made in the directory
  const io::OwnerLock lock(run, "name");
  const segments::Model model = named_model(options.run);
  const Renaming renaming = renaming_of(model, options);
  const std::vector<NamedFile> named = named_files(run, model, renaming);
  json manifest = read_manifest(run / files::manifest);
  check_is_whole(run, manifest, named);
  for (const NamedFile& file : named) set_digest(manifest, file);
  const NamedFile& last = named.back();  // it alone says what the segment was called before
  for (const NamedFile& file : named)
    if (&file != &last && file.text != file.renamed) io::write_file(run / file.file, file.renamed);
  lock.check();
  io::write_file(run / files::manifest, manifest.dump(1) + "\n");
  io::write_file(run / last.file, last.renamed);
}

}  // namespace cardseg::run
