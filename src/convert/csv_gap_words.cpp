#include "convert/csv_gap_words.hpp"

#include <algorithm>

#include "convert/csv_values.hpp"

namespace cardseg::convert {
namespace {

// Lower case. What databases (\N, null), R (NA), pandas (nan, None, <NA>), SAS (.), spreadsheets (#N/A) and people
// write.
constexpr std::string_view usual_words[] = {"na",     "n/a", "#n/a", "n.a.", "<na>", "nan", "#null!", "null",
                                            "(null)", "nil", "none", "\\n",  "-",    "--",  ".",      "?"};

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

GapWords::GapWords(const std::vector<GapWord>& given, const std::string& column) {
  for (const std::string_view word : usual_words) {
    note_length(word, word.front());
    note_length(word, upper(word.front()));
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i].word.empty() || (!given[i].column.empty() && given[i].column != column)) continue;
    given_.push_back({given[i].word, static_cast<int>(i)});
    note_length(given[i].word, given[i].word.front());
  }
}

void GapWords::note_length(std::string_view word, char first) {
  std::size_t& longest = longest_[static_cast<unsigned char>(first)];
  longest = std::max(longest, word.size());
}

int GapWords::search(std::string_view value) const {
  for (const Given& each : given_)
    if (each.word == value) return each.index;
  const auto is_value = [&](std::string_view word) { return is_word(value, word); };
  return std::any_of(std::begin(usual_words), std::end(usual_words), is_value) ? usual : no_gap;
}

}  // namespace cardseg::convert
