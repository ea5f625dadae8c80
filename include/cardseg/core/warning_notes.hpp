// Warnings that a result keeps beside being said.
#pragma once

#include <string>
#include <vector>

#include "cardseg/core/events.hpp"

namespace cardseg::core {

/// Passes everything on and notes the warnings.
class WarningNotes final : public Events {
 public:
  /// `to` outlives this.
  explicit WarningNotes(Events& to) : to_(to) {}

  void progress(std::string_view phase, std::int64_t done, std::int64_t total, std::string_view detail = {},
                std::span<const Fact> facts = {}) override {
    to_.progress(phase, done, total, detail, facts);
  }
  void info(std::string_view text) override { to_.info(text); }
  void warning(std::string_view text) override {
    warnings_.emplace_back(text);
    to_.warning(text);
  }

  /// In the order in which they came.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  Events& to_;
  std::vector<std::string> warnings_;
};

}  // namespace cardseg::core
