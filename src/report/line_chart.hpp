// Curves over whole numbers: what becomes of a figure as the number of segments grows.
#pragma once

#include <string>
#include <vector>

#include "cardseg/report/document.hpp"

namespace cardseg::report {

struct Curve {
  std::string label;                ///< stands at the curve's end
  std::vector<double> values;       ///< one for each place; NaN: none
  std::vector<double> errors = {};  ///< half the length of a bar about each; empty: none
  bool is_reference = false;        ///< what the others are compared with: dashed
};

struct LineChart {
  std::string title;
  std::string description;
  std::string axis;         ///< of the places: "segments"
  std::vector<int> places;  ///< ascending
  std::vector<Curve> curves;
  std::string source = {};  ///< as Picture::source
  int marked = 0;           ///< a place with a line of its own; 0: none
};

/// Pure.
Picture line_picture(const LineChart& chart);

}  // namespace cardseg::report
