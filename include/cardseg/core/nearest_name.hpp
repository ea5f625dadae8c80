// "Did you mean ...?": the known name that a mistyped one is nearest to.
#pragma once

#include <string>
#include <vector>

namespace cardseg::core {

/// The candidate with the smallest edit distance to `name`, at most a third of its length (at least 2; 1 for a name of
/// two or three letters); else empty.
std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates);

/// `Did you mean 'x'?`, or an empty text where no candidate is near.
std::string did_you_mean(const std::string& name, const std::vector<std::string>& candidates);

}  // namespace cardseg::core
