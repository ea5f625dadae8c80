#include "io/chunk_decoder.hpp"

namespace cardseg::io {
bool is_stored_plainly(const ChunkLayout& layout) {
  return layout.number.type == NumberType::float64 && !layout.number.is_big_endian && !layout.is_shuffled &&
         !layout.is_deflated;
}

ChunkDecoder::ChunkDecoder(const ChunkLayout& layout) : layout_(layout) {
  const auto bytes = static_cast<std::size_t>(layout.chunk_bytes());
  if (layout.is_shuffled) unshuffled_ = std::make_unique_for_overwrite<std::byte[]>(bytes);
  if (!layout.is_deflated) return;
  inflated_ = std::make_unique_for_overwrite<std::byte[]>(bytes);
  inflater_.emplace();
}

std::span<std::byte> ChunkDecoder::stored(std::int64_t bytes) {
  stored_bytes_ = static_cast<std::size_t>(bytes);
  if (stored_bytes_ > capacity_) {
    stored_.reset();
    stored_ = std::make_unique_for_overwrite<std::byte[]>(stored_bytes_);
    capacity_ = stored_bytes_;
  }
  return {stored_.get(), stored_bytes_};
}

ChunkState ChunkDecoder::inflate(std::span<const std::byte>& bytes) {
  const auto chunk_bytes = static_cast<std::size_t>(layout_.chunk_bytes());
  const std::optional<std::size_t> written = inflater_->inflate(bytes, {inflated_.get(), chunk_bytes});
  if (!written) return inflater_->is_oversized() ? ChunkState::oversized : ChunkState::damaged;
  bytes = {inflated_.get(), *written};
  return ChunkState::decoded;
}

std::span<const std::byte> ChunkDecoder::values_of(std::span<const std::byte> bytes, core::Range rows) {
  const auto value_bytes = static_cast<std::size_t>(layout_.number.bytes);
  const auto first = static_cast<std::size_t>(rows.begin);
  const auto count = static_cast<std::size_t>(rows.size());
  if (!layout_.is_shuffled || value_bytes == 1) return bytes.subspan(first * value_bytes, count * value_bytes);
  unshuffle(bytes, value_bytes, first, {unshuffled_.get(), count * value_bytes});
  return {unshuffled_.get(), count * value_bytes};
}

ChunkState ChunkDecoder::decode(std::span<const std::byte> stored, const StoredChunk& chunk, std::int64_t first,
                                std::span<double> out) {
  std::span<const std::byte> bytes = stored;
  if (layout_.has_checksum) {
    if (bytes.size() < checksum_bytes) return ChunkState::damaged;
    const std::span<const std::byte> checksum = bytes.last(checksum_bytes);
    bytes = bytes.first(bytes.size() - checksum_bytes);
    if (!io::has_checksum(bytes, checksum)) return ChunkState::damaged;
  }
  if (layout_.is_deflated)
    if (const ChunkState state = inflate(bytes); state != ChunkState::decoded) return state;
  if (std::ssize(bytes) != layout_.chunk_bytes()) return ChunkState::damaged;
  const auto value_bytes = static_cast<std::size_t>(layout_.number.bytes);
  const core::Range needed =
      chunk.digest ? core::Range{0, chunk.rows.size()} : core::Range{first, first + std::ssize(out)};
  bytes = values_of(bytes, needed);
  if (chunk.digest && digest_of(bytes) != *chunk.digest) return ChunkState::damaged;
  const std::byte* values = bytes.data() + static_cast<std::size_t>(first - needed.begin) * value_bytes;
  convert_numbers(layout_.number, values, value_bytes, out);
  return ChunkState::decoded;
}

}  // namespace cardseg::io
