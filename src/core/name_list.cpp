#include "cardseg/core/name_list.hpp"

#include <algorithm>

namespace cardseg::core {
namespace {

std::string listed(const std::vector<std::string>& names, const char* before_last) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? before_last : ", ") + names[i];
  return text;
}

}  // namespace

namespace {

// What stands between quotes.
std::string without_doubled_quotes(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    name += text[i];
    if (text[i] == '"') ++i;
  }
  return name;
}

std::string quoted_if_needed(const std::string& name) {
  const bool is_plain = name.find_first_of(",#") == std::string::npos && !name.starts_with('"') && !name.empty() &&
                        trimmed(name).size() == name.size();
  if (is_plain) return name;
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

}  // namespace

std::size_t end_of_quoted(std::string_view text, std::size_t begin) {
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] != '"') continue;
    if (i + 1 == text.size() || text[i + 1] != '"') return i + 1;
    ++i;
  }
  return std::string_view::npos;
}

std::string unquoted(std::string_view text) {
  const std::string_view name = trimmed(text);
  const bool is_quoted = name.starts_with('"') && end_of_quoted(name, 0) == name.size();
  return is_quoted ? without_doubled_quotes(name.substr(1, name.size() - 2)) : std::string(name);
}

std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t first = std::min(text.find_first_not_of(" \t\r\n", begin), text.size());
    std::size_t search = begin;  // for the comma behind the name
    if (first < text.size() && text[first] == '"')
      if (const std::size_t end = end_of_quoted(text, first); end != std::string_view::npos) search = end;
    const std::size_t comma = std::min(text.find(',', search), text.size());
    if (std::string name = unquoted(text.substr(begin, comma - begin)); !name.empty()) names.push_back(std::move(name));
    begin = comma + 1;
  }
  return names;
}

std::string join_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + quoted_if_needed(name);
  return text;
}

std::string any_of(const std::vector<std::string>& names) { return listed(names, " or "); }

std::string all_of(const std::vector<std::string>& names) { return listed(names, " and "); }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace cardseg::core
