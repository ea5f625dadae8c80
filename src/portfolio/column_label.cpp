#include "cardseg/portfolio/column_label.hpp"

#include <cctype>

#include "cardseg/core/name_words.hpp"

namespace cardseg::portfolio {

std::string label_of(const Column& column) {
  if (!column.settings.words.label.empty()) return column.settings.words.label;
  std::string label;
  for (const std::string& word : core::name_words(column.name))
    if (!word.empty()) label += (label.empty() ? "" : " ") + word;
  if (label.empty()) return column.name;
  label.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(label.front())));
  return label;
}

}  // namespace cardseg::portfolio
