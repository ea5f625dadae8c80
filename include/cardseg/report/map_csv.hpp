// map.csv: the figures behind the map of the page.
#pragma once

#include <string>

#include "cardseg/report/fit_content.hpp"

namespace cardseg::report {

/// Pure. CSV with a header, kind,segment,feature,x,y,width,customers, and lines of five kinds, x across and y up:
///   share    of the variance that the two axes stand for
///   sd       of customers along them
///   weight   of a feature in them
///   centre   of a segment, and its customers; as it is drawn (map_centre)
///   square   its middle, width and customers, and the segment that most of them are in; those that are drawn
/// Numbers have up to 17 digits. Precondition: there is a map.
std::string map_csv(const FitContent& content);

}  // namespace cardseg::report
