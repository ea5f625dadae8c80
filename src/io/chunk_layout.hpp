// How the chunks of a column are stored, and where: for columns whose chunks this program decodes itself.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "cardseg/core/range.hpp"
#include "io/number_type.hpp"
#include "io/value_digests.hpp"

namespace cardseg::io {

/// A 1-D dataset of numbers or booleans in chunks, written through any of shuffle, deflate and fletcher32 in this
/// order.
struct ChunkLayout {
  StoredNumber number;
  bool is_shuffled = false;
  bool is_deflated = false;
  bool has_checksum = false;
  std::int64_t rows = 0;
  std::int64_t chunk_rows = 0;
  ValueDigests digests;

  /// Bytes of a chunk before any filter; the last chunk of a column is stored whole, too.
  std::int64_t chunk_bytes() const { return chunk_rows * number.bytes; }
  /// False where asking HDF5 for the chunks' places takes longer than having it read them: 1.10 finds the n-th in n
  /// steps.
  bool has_few_chunks() const { return (rows - 1) / chunk_rows < most_few_chunks; }
  static constexpr std::int64_t most_few_chunks = 1024;
};

/// A chunk in its file.
struct StoredChunk {
  std::int64_t address = 0;
  std::int64_t bytes = 0;
  core::Range rows;                       ///< of the dataset
  std::optional<std::uint64_t> digest{};  ///< of their values
};

/// Local. The chunk that begins at this row, and has so many bytes at this address.
StoredChunk stored_chunk(const ChunkLayout& layout, std::int64_t row, std::int64_t address, std::int64_t bytes);

/// Local. Nothing where the dataset is stored in another way.
std::optional<ChunkLayout> find_chunk_layout(hid_t dataset);

/// Local. Bytes in the file of the chunk with the value at `offset`; its values take `chunk_bytes`. Throws
/// core::Error(internal) where it is not there, or far too large to be what it should.
std::size_t stored_chunk_bytes(hid_t dataset, const hsize_t* offset, std::int64_t chunk_bytes);

/// Local. The chunks that hold some of `rows`, in order. Nothing where one is stored past a filter.
/// Cost: chunks of the dataset times chunks of the rows; for a layout that has few. Throws core::Error(internal) where
/// one is not there, is far too large to be what it should, or lies where another one lies.
std::optional<std::vector<StoredChunk>> find_chunks(hid_t dataset, const ChunkLayout& layout, core::Range rows);

}  // namespace cardseg::io
