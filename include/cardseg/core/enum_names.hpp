// The names of an enumeration's values: one table for writing, reading and refusing them.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cardseg/core/error.hpp"

namespace cardseg::core {

/// "`subject` cannot be 'x'. It is a, b or c", and a question where a name is near. `subject` names the setting in the
/// message, as field("scale") does.
Error unknown_name(const std::string& name, const std::vector<std::string>& known, const std::string& subject,
                   ExitCode code = ExitCode::usage);

/// Names in the order of the values, which count from 0:
///
///     inline constexpr core::EnumNames<Colour> colour_names = {"red", "green"};
template <class Enum>
class EnumNames {
 public:
  constexpr EnumNames(std::initializer_list<const char*> names) : size_(names.size()) {
    std::size_t at = 0;
    for (const char* name : names) names_.at(at++) = name;
  }

  constexpr const char* operator[](Enum value) const { return names_[static_cast<std::size_t>(value)]; }

  std::vector<std::string> all() const { return {names_.begin(), names_.begin() + static_cast<std::ptrdiff_t>(size_)}; }

  std::optional<Enum> find(std::string_view name) const {
    for (std::size_t i = 0; i < size_; ++i)
      if (name == names_[i]) return static_cast<Enum>(i);
    return std::nullopt;
  }

  /// Throws unknown_name().
  Enum named(const std::string& name, const std::string& subject, ExitCode code = ExitCode::usage) const {
    if (const std::optional<Enum> value = find(name)) return *value;
    throw unknown_name(name, all(), subject, code);
  }

 private:
  std::array<const char*, 16> names_{};
  std::size_t size_;
};

}  // namespace cardseg::core
