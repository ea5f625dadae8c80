// JSON of files, with a limit on its depth: reading, copying or freeing what is nested without end would exhaust the
// stack.
#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>

namespace cardseg::core {

/// Files of cardseg need 6.
inline constexpr int max_json_depth = 64;

/// Pure. Throws Json::parse_error where `text` is not JSON, std::invalid_argument where objects and arrays are nested
/// deeper than `max_json_depth`.
template <class Json = nlohmann::ordered_json>
Json parse_json(std::string_view text) {
  return Json::parse(text, [](int depth, typename Json::parse_event_t, Json&) {
    if (depth > max_json_depth)
      throw std::invalid_argument("it is nested deeper than " + std::to_string(max_json_depth) + " levels");
    return true;
  });
}

}  // namespace cardseg::core
