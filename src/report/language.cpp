#include "cardseg/report/language.hpp"

namespace cardseg::report {

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
