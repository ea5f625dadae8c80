#include "cardseg/core/protected_name.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "cardseg/core/name_words.hpp"

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

}  // namespace

bool is_protected_name(std::string_view column) {
  return std::ranges::any_of(name_words(column), [](const std::string& word) {
    return std::ranges::find(protected_words, word) != protected_words.end();
  });
}

}  // namespace cardseg::core
