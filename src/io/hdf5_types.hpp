// The HDF5 types of cardseg's columns.
#pragma once

#include "cardseg/io/table.hpp"
#include "io/hdf5_handle.hpp"

namespace cardseg::io::hdf5 {

/// The type in which a column is written: little-endian numbers, zero-padded UTF-8, h5py's boolean enum.
Handle make_type(const ColumnSpec& column);

}  // namespace cardseg::io::hdf5
