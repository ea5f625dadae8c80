// What long work tells the outside while it runs.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace cardseg::core {

/// A figure of this moment with its name: "inertia" 1.2e5.
struct Fact {
  std::string_view name;
  std::variant<std::int64_t, double> value;
};

/// Receives progress and messages; this base says nothing. Called from a rank's main thread. What every rank reports is
/// the same or its own share; the program prints what rank 0 reports. Messages never carry a customer's values.
class Events {
 public:
  Events() = default;
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;
  virtual ~Events() = default;

  /// `done` of `total` units (rows, bytes, passes) of the phase; `total` 0 where unknown; `detail` is what a user wants
  /// to see of this moment ("inertia 1.2e5, moved 17"), `facts` the same for programs. Cheap enough to call per chunk.
  virtual void progress(std::string_view phase, std::int64_t done, std::int64_t total, std::string_view detail = {},
                        std::span<const Fact> facts = {}) {
    static_cast<void>(phase), static_cast<void>(done), static_cast<void>(total), static_cast<void>(detail);
    static_cast<void>(facts);
  }
  virtual void info(std::string_view text) { static_cast<void>(text); }
  virtual void warning(std::string_view text) { static_cast<void>(text); }
};

}  // namespace cardseg::core
