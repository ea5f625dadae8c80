#include "cardseg/core/share_text.hpp"

#include <charconv>

#include "cardseg/core/name_list.hpp"

namespace cardseg::core {

std::optional<double> share_in(std::string_view text) {
  text = trimmed(text);
  const bool is_percent = text.ends_with('%');
  const std::string_view digits = trimmed(text.substr(0, text.size() - (is_percent ? 1 : 0)));
  double share = -1;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), share);
  if (is_percent) share /= 100;
  if (failure != std::errc() || end != digits.data() + digits.size() || !(share >= 0 && share <= 1)) return {};
  return share;
}

}  // namespace cardseg::core
