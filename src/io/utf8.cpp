#include "cardseg/io/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace cardseg::io {
namespace {

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

std::size_t code_point_bytes(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xC2 && first < 0xE0   ? 2
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
  if (length == 0 || bytes.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if (!is_continuation(bytes[i])) return 0;
  const auto second = static_cast<unsigned char>(bytes[1]);
  const bool is_overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool is_surrogate = first == 0xED && second >= 0xA0;
  const bool is_past_end = first == 0xF4 && second >= 0x90;
  return is_overlong || is_surrogate || is_past_end ? 0 : length;
}

bool is_utf8(std::string_view bytes) {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  while (!bytes.empty()) {
    std::uint64_t eight = high_bits;
    if (bytes.size() >= sizeof eight) std::memcpy(&eight, bytes.data(), sizeof eight);
    if ((eight & high_bits) == 0) {  // eight bytes of ASCII at once
      bytes.remove_prefix(sizeof eight);
      continue;
    }
    const std::size_t length = code_point_bytes(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

std::string shown(std::string_view name, std::size_t most) {
  const bool is_cut = name.size() > most;
  std::size_t kept = is_cut ? most : name.size();
  while (is_cut && kept > 0 && is_continuation(name[kept])) --kept;
  std::string text(name.substr(0, kept));
  const bool is_text = is_utf8(text);
  for (char& byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    if (code < 0x20 || code == 0x7F || (!is_text && code >= 0x80)) byte = '?';
  }
  return is_cut ? text + "..." : text;
}

}  // namespace cardseg::io
