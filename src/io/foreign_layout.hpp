// HDF5 files that other programs wrote in layouts of their own.
#pragma once

#include <string>
#include <vector>

#include "io/hdf5_handle.hpp"

namespace cardseg::io {

/// Throws core::Error(bad_data) where a member of the file's root shows that pandas or MATLAB laid the file out; the
/// message names that layout and what to do. Looks at marks only: nothing pickled is decoded.
void refuse_foreign_layout(hid_t file, const std::vector<std::string>& names);

}  // namespace cardseg::io
