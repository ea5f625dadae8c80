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
};

constexpr Pair pairs[] = {{bit_of("true") | bit_of("false"), false}, {bit_of("yes") | bit_of("no"), false},
                          {bit_of("y") | bit_of("n"), true},         {bit_of("t") | bit_of("f"), true},
                          {bit_of("ja") | bit_of("nein"), false},    {bit_of("j") | bit_of("n"), true},
                          {bit_of("wahr") | bit_of("falsch"), false}};

}  // namespace

std::optional<FlagWord> flag_word(std::string_view value) {
  if (value.size() > 6) return std::nullopt;
  for (std::size_t i = 0; i < std::size(words); ++i)
    if (is_word(value, words[i].text))
      return FlagWord{words[i].truth, std::uint64_t{1} << (static_cast<std::size_t>(mark::first_flag_bit) + i)};
  return std::nullopt;
}

bool is_pair_of_flags(std::uint64_t marks) {
  const std::uint64_t found = marks & all_words;
  return found != 0 && std::any_of(std::begin(pairs), std::end(pairs), [&](const Pair& pair) {
           return (found & ~pair.marks) == 0 && (!pair.needs_both || found == pair.marks);
         });
}

}  // namespace cardseg::convert
