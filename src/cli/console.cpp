#include "cardseg/cli/console.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>

#include "cardseg/cli/command_line.hpp"
#include "cardseg/core/duration.hpp"
#include "cardseg/io/utf8.hpp"

namespace cardseg::cli {
namespace {

constexpr std::size_t most_of_config_reason = 300;
constexpr std::size_t most_of_line = 4000;

// What a file holds may stand in a message: a key, a name, a level. On one line, and nothing that a terminal obeys.
std::string line_of(const core::Error& error) {
  std::string text = with_flags(error.text());
  const std::string reason = with_flags(error.reason());
  if (error.code() == core::ExitCode::config && reason.size() > most_of_config_reason)
    if (const std::size_t place = text.find(reason); place != std::string::npos)
      text.replace(place, reason.size(), io::shown(reason, most_of_config_reason));
  return io::shown(text, most_of_line);
}

using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

constexpr double live_interval_s = 0.1;
constexpr double line_interval_s = 3.0;
constexpr int bar_width = 24;

bool has_live_terminal() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && term && std::strcmp(term, "dumb") != 0;
}

// Why standard output could first not be written; 0: it could.
int stdout_errno = 0;

void flush_stdout() {
  errno = 0;
  if (std::fflush(stdout) != 0 && stdout_errno == 0) stdout_errno = errno;
}

// Where stderr is closed or full there is nobody to tell: the job goes on.
void write_to_stderr(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

// The parts of an error that are known.
Json fields_of(const core::Error& error) {
  Json fields = {{"exit_code", static_cast<int>(error.code())}};
  const core::Place& place = error.place();
  if (!place.file.empty()) fields["file"] = place.file;
  if (!place.column.empty()) fields["column"] = place.column;
  if (place.first_row >= 0) fields["first_row"] = place.first_row;
  if (place.last_row >= 0) fields["last_row"] = place.last_row;
  if (place.rank >= 0) fields["rank"] = place.rank;
  return fields;
}

double seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

struct Console::State {
  LogFormat format;
  bool is_speaking;
  bool is_quiet;
  bool is_live;
  bool has_live_line = false;
  std::shared_ptr<spdlog::logger> log;
  core::Events* listener = nullptr;
  std::string phase;
  Clock::time_point phase_start = Clock::now();
  Clock::time_point last_shown = phase_start;

  void clear_live_line() {
    if (has_live_line) write_to_stderr("\r\033[K");
    has_live_line = false;
  }

  // `facts`: what JSON has beside the message.
  void write(spdlog::level::level_enum level, std::string_view marked, Json facts = Json::object()) {
    if (!is_speaking || (is_quiet && level < spdlog::level::warn)) return;
    clear_live_line();
    const std::string text = with_flags(marked);
    if (format == LogFormat::json) {
      facts["message"] = text;
      const std::string fields = facts.dump(-1, ' ', false, Json::error_handler_t::replace);  // names need not be UTF-8
      log->log(level, "{}", fields.substr(1, fields.size() - 2));
    } else {
      log->log(level, "{}", text);
    }
  }

  double elapsed_s() const { return seconds(Clock::now() - phase_start); }

  void show_live(double share, std::string_view detail) {
    const int full = static_cast<int>(share * bar_width);
    const std::string left =
        share > 0 && share < 1 ? ", " + core::clock_text(elapsed_s() * (1 - share) / share) + " left" : "";
    std::string line = fmt::format("{:<8} [{:=<{}}{:{}}] {:3.0f} %{} {}", phase, "", full, "", bar_width - full,
                                   100 * share, left, detail);
    line.resize(std::min<std::size_t>(line.size(), 110));
    write_to_stderr("\r\033[K" + line);
    has_live_line = true;
  }
};

Console::Console(LogFormat format, bool is_speaking, bool is_quiet)
    : state_(new State{format, is_speaking, is_quiet, has_live_terminal() && format == LogFormat::text && !is_quiet,
                       false, nullptr, nullptr, "", Clock::now(), Clock::now()}) {
  const char* no_color = std::getenv("NO_COLOR");
  const bool is_plain = (no_color && *no_color) || format == LogFormat::json;
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_st>(is_plain ? spdlog::color_mode::never
                                                                             : spdlog::color_mode::automatic);
  state_->log = std::make_shared<spdlog::logger>("cardseg", std::move(sink));
  state_->log->set_pattern(format == LogFormat::json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})"
                                                     : "%H:%M:%S %^%l%$ %v");
}

Console::~Console() { state_->clear_live_line(); }

void Console::share_progress(core::Events* listener) { state_->listener = listener; }

void Console::progress(std::string_view phase, std::int64_t done, std::int64_t total, std::string_view detail,
                       std::span<const core::Fact> facts) {
  State& s = *state_;
  if (s.listener) s.listener->progress(phase, done, total, detail, facts);
  if (!s.is_speaking || s.is_quiet) return;
  const Clock::time_point now = Clock::now();
  if (phase != s.phase) {
    s.phase = phase;
    s.phase_start = now;
    s.last_shown = now;
  }
  if (seconds(now - s.last_shown) < (s.is_live ? live_interval_s : line_interval_s)) return;
  s.last_shown = now;
  const double share = total > 0 ? std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0) : 0.0;
  if (s.is_live) return s.show_live(share, detail);
  Json fields = {{"phase", phase}, {"done", done}, {"total", total}, {"elapsed_s", s.elapsed_s()}};
  for (const core::Fact& fact : facts)
    std::visit([&](auto value) { fields[std::string(fact.name)] = value; }, fact.value);
  s.write(spdlog::level::info,
          fmt::format("{}: {:.0f} %, {}{}{}", phase, 100 * share, core::clock_text(s.elapsed_s()),
                      detail.empty() ? "" : ", ", detail),
          std::move(fields));
}

void Console::info(std::string_view text) { state_->write(spdlog::level::info, text); }
void Console::warning(std::string_view text) { state_->write(spdlog::level::warn, text); }

void Console::error(const core::Error& error) {
  State& s = *state_;
  if (!s.is_speaking) return;
  s.clear_live_line();
  if (s.format == LogFormat::json) {
    s.write(spdlog::level::err, line_of(error), fields_of(error));
  } else {
    write_to_stderr(fmt::format("cardseg: error: {}\n", line_of(error)));
  }
}

void Console::print(std::string_view line) {
  if (!state_->is_speaking) return;
  state_->clear_live_line();
  write_result(fmt::format("{}\n", line));
  flush_stdout();  // a job says at once what it takes columns for
}

void keep_standard_streams() {
  for (int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF) continue;
    ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // gets the lowest free number: this one
  }
}

void write_result(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void flush_results() {
  flush_stdout();
  if (std::ferror(stdout) == 0) return;
  const std::string why = stdout_errno != 0 ? std::string(": ") + std::strerror(stdout_errno) : "";
  throw core::Error(core::ExitCode::io, "the results cannot be written to standard output" + why)
      .remedy("The files that the job wrote are complete; check where standard output goes");
}

}  // namespace cardseg::cli
