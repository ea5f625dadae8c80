// The types of stored numbers that are read, and their values as this program counts with them.
#pragma once

#include <hdf5.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace cardseg::io {

enum class NumberType { int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64 };

struct StoredNumber {
  NumberType type = NumberType::float64;
  bool is_big_endian = false;
  std::int64_t bytes = 8;
};

/// Local. What an HDF5 type of whole bytes is: integers of two's complement, or numbers of IEEE 754, in either byte
/// order. A boolean is the integer below it. Nothing for every other layout of bits.
std::optional<StoredNumber> stored_number(hid_t type);

/// Local. Numbers that lie `stride` bytes apart: as doubles (the nearest, past 2^53), or integers as 64 bits, those
/// past 2^63 - 1 negative.
void convert_numbers(const StoredNumber& stored, const std::byte* bytes, std::size_t stride, std::span<double> out);
void convert_numbers(const StoredNumber& stored, const std::byte* bytes, std::size_t stride,
                     std::span<std::int64_t> out);

}  // namespace cardseg::io
