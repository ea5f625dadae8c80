#include "cardseg/core/field.hpp"

namespace cardseg::core {
namespace {

// Around a name: bytes that no name of a file or column has.
constexpr char mark_begin = '\x0e';
constexpr char mark_end = '\x0f';

}  // namespace

std::string field(std::string_view name) { return mark_begin + std::string(name) + mark_end; }

std::string with_fields(std::string_view text, std::string_view prefix) {
  std::string shown;
  for (const char c : text) {
    if (c == mark_begin)
      shown += prefix;
    else if (c != mark_end)
      shown += c;
  }
  return shown;
}

}  // namespace cardseg::core
