// The bytes of an open HDF5 file, for what is read of it without HDF5.
#pragma once

#include <hdf5.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace cardseg::io {

/// Local. Reads all of `out` from this place of a file on. False where the file ends before, or the system fails.
bool read_fully(int descriptor, std::int64_t place, std::span<std::byte> out);

/// An HDF5 file in a plain file; not owned.
struct FileBytes {
  int descriptor = -1;       ///< -1: it lies in no plain file
  std::int64_t base = 0;     ///< bytes before the first of HDF5's, to which its addresses are relative
  std::int64_t bytes = 0;    ///< behind `base`
  bool is_readable = false;  ///< addresses and sizes have 8 bytes, as every program writes them

  /// Reads all of `out` from an address on. False where that is not all inside the file.
  bool read(std::int64_t address, std::span<std::byte> out) const;
};

/// Throws like hdf5::check.
FileBytes bytes_of(hid_t file);

}  // namespace cardseg::io
