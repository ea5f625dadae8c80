// Documents that renderers are tested with.
#pragma once

#include <cmath>
#include <limits>

#include "cardseg/report/document.hpp"

namespace cardseg::report {

/// Every kind of column, a cell that is not there, and one of each sign's shade.
inline Table sample_table() {
  Table table{"Sizes", {}, {}};
  table.columns = {{"segment", Format::text, 0, "name"},
                   {"customers", Format::count},
                   {"mean", Format::number},
                   {"index", Format::fixed, 2},
                   {"share", Format::bar, fitting_decimals}};
  table.rows.push_back({"first", 12345, {1.0 / 3, 0.6}, -0.001, 0.75});
  table.rows.push_back({"second", 7, {std::nan(""), -0.1}, 2.5, 0.25});
  return table;
}

/// What someone may have put into a column's name: markup, quotes, control characters, a turn of the direction of
/// writing, a stray byte, a line break.
inline std::string hostile_name() { return "<script>\"'&\x1b[2J\xE2\x80\xAE\xFF\x01\r\n]]>"; }

}  // namespace cardseg::report
