// The words that stand for a missing value, beside the empty field.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cardseg/convert/csv_converter.hpp"

namespace cardseg::convert {

/// The gap words of one column: the usual ones, in any case, and those that were given, as they were written.
class GapWords {
 public:
  static constexpr int no_gap = -2;
  static constexpr int usual = -1;

  /// Of the words in `given` those for every column and those for `column` count.
  GapWords(const std::vector<GapWord>& given, const std::string& column);

  /// Which word `value`, which has no blanks around it, is: an index into `given`, `usual` (also for an empty value),
  /// or `no_gap`.
  int find(std::string_view value) const {
    if (value.empty()) return usual;
    return value.size() > longest_[static_cast<unsigned char>(value.front())] ? no_gap : search(value);
  }
  bool contains(std::string_view value) const { return find(value) != no_gap; }

 private:
  struct Given {
    std::string word;
    int index = 0;
  };
  void note_length(std::string_view word, char first);
  int search(std::string_view value) const;

  std::vector<Given> given_;
  std::array<std::size_t, 256> longest_{};  // bytes of the longest word that begins with this byte
};

}  // namespace cardseg::convert
