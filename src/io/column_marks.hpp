// What a column's attributes say of its values.
#pragma once

#include <cstdint>
#include <vector>

#include "io/hdf5_handle.hpp"

namespace cardseg::io {

/// Local. The dataset is marked as days since 1970-01-01: cardseg_kind = "date".
bool is_marked_as_date(hid_t dataset);

/// Numbers that stand for missing values of a dataset, as doubles and, where they are whole, as integers.
struct MissingMarks {
  std::vector<double> numbers;
  std::vector<std::int64_t> integers;
};

/// Local. What the attributes of a dataset of numbers say: `_FillValue` and `missing_value` (netCDF, xarray), and
/// `rhdf5-NA.OK`, with which R writes missing integers as the least number of the type.
MissingMarks missing_marks(hid_t dataset);

}  // namespace cardseg::io
