// Texts out of HDF5: of fixed width and any padding, or of variable length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "io/global_heap.hpp"
#include "io/hdf5_handle.hpp"

namespace cardseg::io::hdf5 {

/// Bytes of the longest text that is read.
constexpr std::int64_t max_text_bytes = 4096;

/// Once per process, by `start`: teaches HDF5 to give references to texts of variable length as they are in the file,
/// so that it follows none itself.
void register_references();

/// Local. Bytes that a value of a dataset's type takes in the file: of a text of variable length, its reference.
std::int64_t stored_value_bytes(hid_t type);

/// The `out.size()` bytes of the selected texts of a dataset that has no chunks, as they are in the file. Throws like
/// `check`.
void read_stored_texts(hid_t dataset, hid_t memory_space, hid_t file_space, std::span<std::byte> out);

/// The texts, without padding, whose bytes in the file are `stored`; what was never written is empty. Throws
/// core::Error: bad_data where one is longer than `max_text_bytes`; like GlobalHeap where they lie in the heap.
std::vector<std::string> texts_of(hid_t type, std::span<const std::byte> stored, GlobalHeap& heap);

/// All `count` texts of an attribute. Throws likewise, and like `check`.
std::vector<std::string> read_texts_of_attribute(hid_t attribute, std::int64_t count);

}  // namespace cardseg::io::hdf5
