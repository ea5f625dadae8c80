#include "cardseg/run/progress_record.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "cardseg/cli/phases.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/parse_json.hpp"
#include "cardseg/core/utc_time.hpp"

namespace cardseg::run {
namespace {

using json = nlohmann::ordered_json;

constexpr const char* format_name = "cardseg-progress";
// Every other member of progress.json is a figure of the phase.
constexpr std::array known = {"format",  "format_version", "owner", "time",  "ranks",  "threads", "phase",
                              "phase_s", "done",           "total", "share", "left_s", "detail",  "peak_memory_bytes"};

json number_or_nothing(double value) { return value < 0 ? json() : json(value); }

}  // namespace

double Progress::share() const {
  return total > 0 ? std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0) : -1.0;
}

double Progress::left_s() const { return share() > 0 ? phase_s * (1 - share()) / share() : -1.0; }

std::string to_json(const Progress& progress) {
  json whole = {{"format", format_name},
                {"format_version", 1},
                {"owner", json::parse(io::to_json(progress.owner))},
                {"time", progress.time},
                {"ranks", progress.ranks},
                {"threads", progress.threads},
                {"phase", progress.phase},
                {"phase_s", progress.phase_s},
                {"done", progress.done},
                {"total", progress.total},
                {"share", number_or_nothing(progress.share())},
                {"left_s", number_or_nothing(progress.left_s())},
                {"detail", progress.detail},
                {"peak_memory_bytes", progress.peak_memory_bytes}};
  for (const auto& [name, value] : progress.facts)
    std::visit([&, &key = name](auto number) { whole[key] = number; }, value);
  return whole.dump(1, ' ', false, json::error_handler_t::replace) + "\n";  // names need not be UTF-8
}

Progress progress_record_from_json(const std::string& text) {
  try {
    const json j = core::parse_json<json>(text);
    if (j.at("format") != format_name) throw std::invalid_argument("it has another format");
    Progress progress;
    progress.owner = io::owner_from_json(j.at("owner").dump()).value();
    progress.time = j.at("time");
    progress.ranks = j.at("ranks");
    progress.threads = j.at("threads");
    progress.phase = j.at("phase");
    progress.phase_s = j.at("phase_s");
    progress.done = j.at("done");
    progress.total = j.at("total");
    progress.detail = j.at("detail");
    progress.peak_memory_bytes = j.at("peak_memory_bytes");
    for (const auto& [name, value] : j.items()) {
      if (std::ranges::find(known, name) != known.end() || !value.is_number()) continue;
      if (value.is_number_integer())
        progress.facts.emplace_back(name, value.get<std::int64_t>());
      else
        progress.facts.emplace_back(name, value.get<double>());
    }
    return progress;
  } catch (const std::exception&) {
    throw core::Error(core::ExitCode::bad_data, "it does not say how far a job is")
        .remedy("A job at work writes it anew within seconds");
  }
}

void ProgressRecord::progress(std::string_view phase, std::int64_t done, std::int64_t total, std::string_view detail,
                              std::span<const core::Fact> facts) {
  const std::lock_guard lock(mutex_);
  if (phase != now_.phase) phase_start_ = std::chrono::steady_clock::now();
  now_.phase = phase;
  now_.done = done;
  now_.total = total;
  now_.detail = detail;
  now_.facts.clear();
  for (const core::Fact& fact : facts) now_.facts.emplace_back(fact.name, fact.value);
}

Progress ProgressRecord::now() const {
  const std::lock_guard lock(mutex_);
  Progress progress = now_;
  progress.time = core::utc_now();
  progress.phase_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - phase_start_).count();
  progress.peak_memory_bytes = cli::peak_memory_bytes();
  return progress;
}

}  // namespace cardseg::run
