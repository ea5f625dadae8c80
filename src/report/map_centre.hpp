// Where a segment's centre is drawn on the map.
#pragma once

#include <optional>

#include "cardseg/report/fit_content.hpp"

namespace cardseg::report {

/// Pure. Of what is published of a segment (from 1): of a coordinate of its centroid that centroids.csv leaves out the
/// median stands in, or else the portfolio's mean, so that the place gives none of them away. None of a withheld
/// segment. Precondition: there is a map.
std::optional<profile::MapPoint> map_centre(const FitContent& content, int segment);

}  // namespace cardseg::report
