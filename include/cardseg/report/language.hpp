// The languages that words about segments come in, and how each writes numbers.
#pragma once

#include <string>

#include "cardseg/core/enum_names.hpp"

namespace cardseg::report {

enum class Language { en, de };

inline constexpr core::EnumNames<Language> language_names = {"en", "de"};
inline const char* name_of(Language language) { return language_names[language]; }

/// Pure. A number as numbers.hpp writes it, in a language: "1,234.5" as "1.234,5" in German.
std::string in_language(std::string number, Language language);

}  // namespace cardseg::report
