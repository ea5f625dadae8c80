// Whether a segment can be acted on: by its size, by how far it lies from its neighbours, by whether it is found again
// and by what it is worth, with the reasons. TrustThresholds say from where on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cardseg/report/document.hpp"
#include "cardseg/report/fit_content.hpp"

namespace cardseg::report {

struct SegmentVerdict {
  Verdict size;
  std::string size_reason;
  Verdict separation;
  std::string separation_reason;
  std::optional<Verdict> stability;  ///< none where it was not tested
  std::string stability_reason;
  std::optional<Verdict> value;  ///< none where no column says what segments are worth
  std::string value_reason;
  std::optional<Verdict> explained;  ///< none where there are no rules
  std::string explained_reason;
  Verdict whole;  ///< the worse of size and separation: solid, usable or weak; not solid where it is not stable
};

/// Pure. Clear, overlapping or blurred, by the silhouette as it is shown: rounded to two decimals.
Verdict separation_verdict(double silhouette, const portfolio::TrustThresholds& from);

/// Pure. One a segment.
std::vector<SegmentVerdict> verdicts(const FitContent& content);

/// Pure. Of all segments together; none where they were not tested.
std::optional<Verdict> stability_of_all(const FitContent& content);

}  // namespace cardseg::report
