#include "cardseg/report/name_marks.hpp"

namespace cardseg::report {
namespace {

// As html.cpp has it: quotes are written as they are in text, and escaped in attributes.
std::string escaped(const std::string& text, bool is_attribute) {
  std::string safe;
  for (char c : text) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += is_attribute ? "&quot;" : "\""; break;
      default: safe += c;
    }
  }
  return safe;
}

// Within a tag: angle brackets of texts and attributes are escaped.
bool is_in_attribute(std::string_view before) {
  const std::size_t open = before.rfind('<');
  const std::size_t closed = before.rfind('>');
  return open != std::string_view::npos && (closed == std::string_view::npos || closed < open);
}

}  // namespace

std::string marked_name(const std::string& name) { return std::string(name_mark) + name + std::string(name_mark); }

std::string with_name(const std::string& page, const std::string& from, const std::string& to) {
  std::string renamed;
  std::size_t at = 0;
  for (std::size_t mark = page.find(name_mark); mark != std::string::npos; mark = page.find(name_mark, at)) {
    const std::size_t begin = mark + name_mark.size();
    const std::size_t end = page.find(name_mark, begin);
    if (end == std::string::npos) break;
    const bool is_attribute = is_in_attribute(std::string_view(page).substr(0, mark));
    const std::string found = page.substr(begin, end - begin);
    renamed += page.substr(at, begin - at) + (found == escaped(from, is_attribute) ? escaped(to, is_attribute) : found);
    renamed += name_mark;
    at = end + name_mark.size();
  }
  return renamed + page.substr(at);
}

}  // namespace cardseg::report
