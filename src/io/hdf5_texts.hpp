// Texts out of HDF5: of fixed width and any padding, or of variable length.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/hdf5_handle.hpp"

namespace cardseg::io::hdf5 {

/// Bytes of the longest text that is read.
constexpr std::int64_t max_text_bytes = 4096;

/// The `count` selected texts of a dataset of texts, without padding; what was never written is empty. Throws
/// core::Error: bad_data where one is longer than `max_text_bytes`, else like `check`.
std::vector<std::string> read_texts(hid_t dataset, hid_t memory_space, hid_t file_space, std::int64_t count);

/// All `count` texts of an attribute. Throws likewise.
std::vector<std::string> read_texts_of_attribute(hid_t attribute, std::int64_t count);

}  // namespace cardseg::io::hdf5
