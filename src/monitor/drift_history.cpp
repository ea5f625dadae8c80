#include "cardseg/monitor/drift_history.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "cardseg/core/error.hpp"
#include "cardseg/core/parse_json.hpp"
#include "cardseg/core/sha256.hpp"
#include "cardseg/io/atomic_file.hpp"

namespace cardseg::monitor {
namespace {

using core::Error;
using core::ExitCode;
using json = nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* file_name = "drift.json";

double number_from(const json& j) { return j.is_null() ? std::numeric_limits<double>::quiet_NaN() : j.get<double>(); }

// None of another model.
std::optional<EarlierMonth> month_from(const std::string& text, const std::string& model_id) {
  const json j = core::parse_json<json>(text);
  if (!j.is_object() || j.value("format", json()) != "cardseg-drift" || j.at("format_version") != 1)
    throw std::invalid_argument("no drift of a month");
  if (j.at("model_id") != model_id) return std::nullopt;
  EarlierMonth month;
  month.sha256 = core::sha256_hex(text);
  month.light = light_names.named(j.at("light"), "light");
  month.mix_psi = number_from(j.at("mix_psi"));
  month.far = number_from(j.at("far"));
  month.reconstruction = number_from(j.at("reconstruction"));
  for (const json& column : j.at("columns")) month.psi[column.at("column")] = number_from(column.at("psi"));
  return month;
}

std::vector<fs::path> directories_in(const fs::path& directory) {
  std::error_code failure;
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, failure))
    if (entry.is_directory(failure)) found.push_back(entry.path());
  if (failure)
    throw Error(ExitCode::input_missing, "the history cannot be read: " + failure.message())
        .in_file(directory.string())
        .remedy("Name the directory that holds the directories of earlier months");
  std::ranges::sort(found);
  return found;
}

}  // namespace

DriftHistory read_history(const fs::path& directory, const fs::path& output, const std::string& model_id) {
  DriftHistory history;
  for (const fs::path& run : directories_in(directory)) {
    const fs::path file = run / file_name;
    std::error_code unreachable;
    if (!fs::exists(file, unreachable) || fs::equivalent(run, output, unreachable)) continue;
    std::optional<EarlierMonth> month;
    try {
      month = month_from(io::read_file(file), model_id);
    } catch (const Error&) {
      throw;
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception&) {
      throw Error(ExitCode::bad_data, "this is no drift.json of a month that can be read")
          .in_file(file.string())
          .remedy("Run drift of that month again, or move it out of the history");
    }
    if (!month) {
      history.others.push_back(run.filename().string());
      continue;
    }
    month->name = run.filename().string();
    history.months.push_back(std::move(*month));
  }
  return history;
}

}  // namespace cardseg::monitor
