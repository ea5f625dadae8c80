// From the bytes of a stored chunk to doubles, as HDF5 would give them.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "io/chunk_filters.hpp"
#include "io/chunk_layout.hpp"

namespace cardseg::io {

/// True where the stored bytes are the doubles themselves, with or without a checksum behind them.
bool is_stored_plainly(const ChunkLayout& layout);

enum class ChunkState {
  decoded,
  damaged,    ///< ChunkValues says how
  oversized,  ///< inflates to more than a chunk holds
};

/// Decodes chunks of one layout, one after another. For one thread. Holds up to four times the bytes of a chunk.
class ChunkDecoder {
 public:
  explicit ChunkDecoder(const ChunkLayout& layout);

  /// Where the stored bytes of the next chunk go.
  std::span<std::byte> stored(std::int64_t bytes);
  /// Decodes what was put into `stored`: rows [first, first + out.size()) of the chunk. Checks the checksum first,
  /// which is the filter that was applied last, and the digest of the chunk's values where that is known.
  ChunkState decode(const StoredChunk& chunk, std::int64_t first, std::span<double> out) {
    return decode({stored_.get(), stored_bytes_}, chunk, first, out);
  }
  /// The same for stored bytes that lie elsewhere.
  ChunkState decode(std::span<const std::byte> stored, const StoredChunk& chunk, std::int64_t first,
                    std::span<double> out);

 private:
  // Of these rows of the chunk.
  std::span<const std::byte> values_of(std::span<const std::byte> bytes, core::Range rows);
  ChunkState inflate(std::span<const std::byte>& bytes);

  ChunkLayout layout_;
  std::optional<Inflater> inflater_;
  // Not zeroed: each is written before it is read.
  std::unique_ptr<std::byte[]> stored_;
  std::size_t stored_bytes_ = 0;
  std::size_t capacity_ = 0;
  std::unique_ptr<std::byte[]> inflated_;
  std::unique_ptr<std::byte[]> unshuffled_;
};

}  // namespace cardseg::io
