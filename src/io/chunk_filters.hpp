// The filters that a chunk may have gone through, undone within bounds. HDF5 itself inflates without any.
#pragma once

#include <hdf5.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

struct libdeflate_decompressor;

namespace cardseg::io {

enum class Filter { shuffle, deflate, checksum };

constexpr std::size_t checksum_bytes = 4;

/// Local. Of a dataset in chunks, in the order in which they were applied. Nothing where one is another filter.
std::optional<std::vector<Filter>> filters_of(hid_t properties);

/// Local. True where `stored_checksum` is HDF5's checksum (fletcher32) of these bytes.
bool has_checksum(std::span<const std::byte> bytes, std::span<const std::byte> stored_checksum);

/// Local. Puts values [first, first + out.size() / value_bytes) of a shuffled chunk together: value i has its byte b at
/// b * values + i.
void unshuffle(std::span<const std::byte> bytes, std::size_t value_bytes, std::size_t first, std::span<std::byte> out);

/// libdeflate's decompressor of this thread's.
class Inflater {
 public:
  Inflater();
  /// Bytes that were written to `out`; nothing where the stream is damaged, or (is_oversized) holds more than `out`.
  std::optional<std::size_t> inflate(std::span<const std::byte> stored, std::span<std::byte> out);
  bool is_oversized() const { return is_oversized_; }

 private:
  struct Free {
    void operator()(libdeflate_decompressor* decompressor) const;
  };
  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
  bool is_oversized_ = false;
};

/// Chunks of one dataset, one after another. Holds the bytes of one chunk.
class FilterPipeline {
 public:
  FilterPipeline(std::vector<Filter> filters, std::int64_t value_bytes, std::int64_t chunk_bytes);

  /// Makes the bytes of a chunk's values of those that are stored. Filter i was left out where bit i of `skipped` is
  /// set. Throws core::Error(internal) that says what does not fit.
  void undo(std::vector<std::byte>& bytes, std::uint32_t skipped);

 private:
  void undo(Filter filter, std::vector<std::byte>& bytes);
  void check(std::vector<std::byte>& bytes) const;
  void inflate(std::vector<std::byte>& bytes);
  void unshuffle(std::vector<std::byte>& bytes);

  std::vector<Filter> filters_;
  std::size_t value_bytes_;
  std::size_t chunk_bytes_;
  std::size_t most_bytes_;  // between two filters
  std::optional<Inflater> inflater_;
  std::vector<std::byte> other_;  // where a filter writes
};

}  // namespace cardseg::io
