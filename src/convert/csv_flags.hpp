// Words for yes and no.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cardseg::convert {

struct FlagWord {
  bool truth = false;
  std::uint64_t mark = 0;  ///< one bit a word, behind mark::first_flag_bit
};

/// true, yes, y, t, ja, j, wahr and their opposites, in any case.
std::optional<FlagWord> flag_word(std::string_view value);

/// True where the words that occur are of one pair, and both of it where they are single letters.
bool is_pair_of_flags(std::uint64_t marks);

/// "Ja/Nein": the pair that the words that occur are of; empty where they are of none.
std::string flag_words_in(std::uint64_t marks);

}  // namespace cardseg::convert
