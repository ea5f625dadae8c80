#include "cardseg/core/enum_names.hpp"

#include "cardseg/core/name_list.hpp"
#include "cardseg/core/nearest_name.hpp"

namespace cardseg::core {

Error unknown_name(const std::string& name, const std::vector<std::string>& known, const std::string& subject,
                   ExitCode code) {
  const std::string question = did_you_mean(name, known);
  Error error(code, subject + " cannot be '" + name + "'");
  error.remedy("It is " + any_of(known) + (question.empty() ? "" : ". " + question));
  return error;
}

}  // namespace cardseg::core
