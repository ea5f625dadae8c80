// The languages that words about segments come in, and how each writes numbers.
#pragma once

#include <string>

#include "cardseg/core/enum_names.hpp"
#include "cardseg/core/option.hpp"

namespace cardseg::report {

enum class Language { en, de };

inline constexpr core::EnumNames<Language> language_names = {"en", "de"};
inline const char* name_of(Language language) { return language_names[language]; }

/// What words about segments are told.
struct WordOptions {
  Language language = Language::en;  ///< of names, sentences and paragraphs
};

core::OptionTable describe(WordOptions& options);

/// Pure. A number as numbers.hpp writes it, in a language: "1,234.5" as "1.234,5" in German.
std::string in_language(std::string number, Language language);

}  // namespace cardseg::report
