#include "cardseg/portfolio/levels.hpp"

#include <fmt/format.h>

#include <charconv>

namespace cardseg::portfolio {

std::string level_name(double number) { return fmt::format("{}", number + 0.0); }

LevelLookup::LevelLookup(const Levels& levels) {
  for (const Level& level : levels.known) {
    by_name_.emplace(level.name, level.value);
    double number = 0.0;
    const char* end = level.name.data() + level.name.size();
    if (!levels.are_texts && std::from_chars(level.name.data(), end, number).ptr == end)
      by_number_.emplace(number, level.value);
  }
}

std::optional<double> LevelLookup::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> LevelLookup::find(double number) const {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace cardseg::portfolio
