#include "cardseg/report/fit_content.hpp"

#include <algorithm>
#include <limits>

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

double FitContent::silhouette(int segment) const {
  const auto at = static_cast<std::size_t>(segment - 1);
  const quality::SampledSilhouette& measured = evidence.silhouette;
  const bool is_told = at < measured.by_segment.size() && !profile.customers[at + 1].is_withheld &&
                       measured.customers[at] >= least_customers();
  return is_told ? measured.by_segment[at] : std::numeric_limits<double>::quiet_NaN();
}

std::int64_t FitContent::least_customers() const {
  return profile.min_cell > 0 ? profile.min_cell : profile::DisclosureOptions{}.min_cell;
}

}  // namespace cardseg::report
