#include "convert/csv_flags.hpp"

#include <algorithm>
#include <iterator>

#include "cardseg/convert/csv_types.hpp"
#include "convert/csv_values.hpp"

namespace cardseg::convert {
namespace {

struct Word {
  std::string_view text;  // lower case
  bool truth;
};

// The place of a word is its bit.
constexpr Word words[] = {{"true", true}, {"false", false}, {"yes", true},    {"no", false}, {"y", true},
                          {"n", false},   {"t", true},      {"f", false},     {"ja", true},  {"nein", false},
                          {"j", true},    {"wahr", true},   {"falsch", false}};

constexpr std::uint64_t bit_of(std::string_view text) {
  for (std::size_t i = 0; i < std::size(words); ++i)
    if (words[i].text == text) return std::uint64_t{1} << (static_cast<std::size_t>(mark::first_flag_bit) + i);
  return 0;
}

constexpr std::uint64_t all_words = ((std::uint64_t{1} << std::size(words)) - 1) << mark::first_flag_bit;

struct Pair {
  std::uint64_t marks;
  bool needs_both;  // a letter alone may be any code
  const char* name;
};

constexpr Pair pairs[] = {{bit_of("true") | bit_of("false"), false, "true/false"},
                          {bit_of("yes") | bit_of("no"), false, "yes/no"},
                          {bit_of("y") | bit_of("n"), true, "Y/N"},
                          {bit_of("t") | bit_of("f"), true, "T/F"},
                          {bit_of("ja") | bit_of("nein"), false, "Ja/Nein"},
                          {bit_of("j") | bit_of("n"), true, "J/N"},
                          {bit_of("wahr") | bit_of("falsch"), false, "wahr/falsch"}};

}  // namespace

std::optional<FlagWord> flag_word(std::string_view value) {
  if (value.size() > 6) return std::nullopt;
  for (std::size_t i = 0; i < std::size(words); ++i)
    if (is_word(value, words[i].text))
      return FlagWord{words[i].truth, std::uint64_t{1} << (static_cast<std::size_t>(mark::first_flag_bit) + i)};
  return std::nullopt;
}

std::string flag_words_in(std::uint64_t marks) {
  const std::uint64_t found = marks & all_words;
  const auto pair = std::find_if(std::begin(pairs), std::end(pairs), [&](const Pair& each) {
    return found != 0 && (found & ~each.marks) == 0 && (!each.needs_both || found == each.marks);
  });
  return pair == std::end(pairs) ? "" : pair->name;
}

bool is_pair_of_flags(std::uint64_t marks) { return !flag_words_in(marks).empty(); }

}  // namespace cardseg::convert
