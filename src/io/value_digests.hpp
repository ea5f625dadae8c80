// A digest of the values of each chunk, kept in an attribute of its dataset: it sees what fletcher32 is blind to (zero
// bytes and all ones in pairs, a chunk that became zeros with its sum), and everything that undoing the filters does.
#pragma once

#include <hdf5.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace cardseg::io {

/// Of the rows of each chunk, in order; of the last one, of those that there are.
using ValueDigests = std::shared_ptr<const std::vector<std::uint64_t>>;

/// Pure. XXH3 with 64 bits and seed 0, of values as they are in the file: it finds accidents, not forgeries.
std::uint64_t digest_of(std::span<const std::byte> values);

/// Local. Notes them beside a dataset: the rows of a chunk, and the digests, as 64-bit integers in attributes
/// `cardseg_xxh3`, `cardseg_xxh3.1`, ... of up to 8,000. Throws like hdf5::check.
void write_digests(hid_t dataset, std::int64_t chunk_rows, std::span<const std::uint64_t> digests);

/// Local. Null where there are none, or where they are of other chunks: programs that copy a file into other chunks
/// copy attributes, too. Throws like hdf5::check.
ValueDigests read_digests(hid_t dataset, std::int64_t chunk_rows, std::int64_t rows);

/// Local.
bool has_digests(hid_t dataset);

}  // namespace cardseg::io
