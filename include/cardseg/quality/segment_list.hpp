// Numbers of segments as a user lists them.
#pragma once

#include <string>
#include <vector>

namespace cardseg::quality {

/// Most segments of a model that a study fits.
constexpr int most_studied_segments = 1000;

/// "5", "2..12" or "2,4,8..10" as numbers in ascending order, each once. Throws core::Error(usage), naming the part
/// that is wrong: no number, not from 1 to 1000, a range that runs backwards, nothing at all.
std::vector<int> parse_segment_list(const std::string& text);

}  // namespace cardseg::quality
