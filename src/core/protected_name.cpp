#include "cardseg/core/protected_name.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

namespace cardseg::core {
namespace {

constexpr std::array<std::string_view, 26> protected_words = {"sex",
                                                              "gender",
                                                              "race",
                                                              "ethnicity",
                                                              "ethnic",
                                                              "religion",
                                                              "religious",
                                                              "faith",
                                                              "nationality",
                                                              "citizenship",
                                                              "marital",
                                                              "married",
                                                              "postcode",
                                                              "postal",
                                                              "zip",
                                                              "zipcode",
                                                              "geschlecht",
                                                              "konfession",
                                                              "nationalitaet",
                                                              "familienstand",
                                                              "plz",
                                                              "postleitzahl",
                                                              "staatsangehoerigkeit",
                                                              "staatsangehörigkeit",
                                                              "nationalität",
                                                              "rasse"};

bool is_word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80;
}
bool is_lower(char c) { return std::islower(static_cast<unsigned char>(c)); }
bool is_upper(char c) { return std::isupper(static_cast<unsigned char>(c)); }

// marital, status of marital_status, MaritalStatus and "Marital status".
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool begins_word = i > 0 && is_upper(name[i]) && is_lower(name[i - 1]);
    if (!is_word_byte(name[i]) || begins_word) words.emplace_back();
    if (is_word_byte(name[i])) words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
  }
  return words;
}

}  // namespace

bool is_protected_name(std::string_view column) {
  return std::ranges::any_of(words_of(column), [](const std::string& word) {
    return std::ranges::find(protected_words, word) != protected_words.end();
  });
}

}  // namespace cardseg::core
