#include "cardseg/report/language.hpp"

#include "cardseg/core/name_list.hpp"

namespace cardseg::report {

core::OptionTable describe(WordOptions& o) {
  return {"Words",
          {core::choice(o.language, language_names,
                        {"language", "LANG", core::Shapes::result,
                         "in which segments are named and described: " + core::any_of(language_names.all())})}};
}

std::string in_language(std::string number, Language language) {
  if (language == Language::en) return number;
  for (char& mark : number) {
    if (mark == ',')
      mark = '.';
    else if (mark == '.')
      mark = ',';
  }
  return number;
}

}  // namespace cardseg::report
