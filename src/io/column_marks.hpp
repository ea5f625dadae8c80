// What a column's attributes say of its values.
#pragma once

#include "io/hdf5_handle.hpp"

namespace cardseg::io {

/// Local. The dataset is marked as days since 1970-01-01: cardseg_kind = "date".
bool is_marked_as_date(hid_t dataset);

}  // namespace cardseg::io
