// Results on stdout, log and progress on stderr, from rank 0 alone.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "cardseg/core/enum_names.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/events.hpp"

namespace cardseg::cli {

enum class LogFormat { text, json };
inline constexpr core::EnumNames<LogFormat> log_format_names = {"text", "json"};

/// On a terminal one live line with a bar and the time left; elsewhere, and as JSON, a line every few seconds.
/// NO_COLOR and TERM=dumb are honoured. Fields in texts (core::field) are shown as flags.
class Console : public core::Events {
 public:
  /// A console that is not `is_speaking` says nothing. `is_quiet` leaves warnings and errors.
  Console(LogFormat format, bool is_speaking, bool is_quiet);
  ~Console() override;

  void progress(std::string_view phase, std::int64_t done, std::int64_t total, std::string_view detail = {},
                std::span<const core::Fact> facts = {}) override;
  void info(std::string_view text) override;
  void warning(std::string_view text) override;
  void error(const core::Error& error);

  /// `listener` hears of all progress, too, whoever is speaking; nullptr: nobody. It outlives this or is taken back.
  void share_progress(core::Events* listener);

  /// A line of the job's result, on stdout. `flush_results` tells whether it arrived.
  void print(std::string_view line);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Fills the places of standard streams that are closed, so that no file of a job gets their numbers and the text that
/// is meant for them. Writing to such a stream fails.
void keep_standard_streams();

/// Text on stdout.
void write_result(std::string_view text);

/// Throws core::Error(io) where something written to stdout did not arrive.
void flush_results();

}  // namespace cardseg::cli
