#include "cardseg/report/fit_content.hpp"

#include <algorithm>

#include "cardseg/report/fit_warnings.hpp"
#include "cardseg/report/name_marks.hpp"

namespace cardseg::report {

std::string FitContent::name(int segment) const {
  const auto at = static_cast<std::size_t>(segment - 1);
  const std::string made = "Segment " + std::to_string(segment);
  if (at < model.names.size() && model.names[at].name != made && !model.names[at].name.empty())
    return marked_name(model.names[at].name);
  return marked_name(at < words.size() && !words[at].name.empty() ? words[at].name : made);
}

std::int64_t FitContent::least_customers() const {
  return profile.min_cell > 0 ? profile.min_cell : profile::DisclosureOptions{}.min_cell;
}

}  // namespace cardseg::report
