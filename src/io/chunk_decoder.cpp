#include "io/chunk_decoder.hpp"

#include <libdeflate.h>

#include <bit>
#include <cstring>
#include <new>

#include "io/fletcher32.hpp"

namespace cardseg::io {
namespace {

static_assert(std::endian::native == std::endian::little);

template <class Word>
Word byte_swapped(Word word) {
  if constexpr (sizeof(Word) == 1) return word;
  if constexpr (sizeof(Word) == 2) return __builtin_bswap16(word);
  if constexpr (sizeof(Word) == 4) return __builtin_bswap32(word);
  if constexpr (sizeof(Word) == 8) return __builtin_bswap64(word);
}

// Value i of a shuffled chunk has its byte b at b * values + i. Unshuffles values [first, first + count).
template <class Word>
void unshuffle(std::span<const std::byte> bytes, std::size_t first, std::size_t count, std::byte* out) {
  const std::size_t values = bytes.size() / sizeof(Word);
  const auto* plane = reinterpret_cast<const unsigned char*>(bytes.data()) + first;
  for (std::size_t i = 0; i < count; ++i) {
    Word word = 0;
    for (std::size_t b = 0; b < sizeof(Word); ++b)
      word = static_cast<Word>(word | static_cast<Word>(static_cast<Word>(plane[b * values + i]) << (8 * b)));
    std::memcpy(out + i * sizeof(Word), &word, sizeof word);
  }
}

template <class Number, class Word>
void convert(const std::byte* bytes, bool is_big_endian, std::span<double> out) {
  double* to = out.data();
  for (std::size_t i = 0; i < out.size(); ++i) {
    Word word;
    std::memcpy(&word, bytes + i * sizeof word, sizeof word);
    if (is_big_endian) word = byte_swapped(word);
    to[i] = static_cast<double>(std::bit_cast<Number>(word));
  }
}

template <class Number, class Word>
void decode_as(const ChunkLayout& layout, std::span<const std::byte> bytes, std::size_t first, std::byte* unshuffled,
               std::span<double> out) {
  const std::byte* values = bytes.data() + first * sizeof(Word);
  if (layout.is_shuffled && sizeof(Word) > 1) {
    unshuffle<Word>(bytes, first, out.size(), unshuffled);
    values = unshuffled;
  }
  if (std::is_same_v<Number, double> && !layout.is_big_endian) {
    std::memcpy(out.data(), values, out.size_bytes());
  } else if (layout.is_big_endian) {
    convert<Number, Word>(values, true, out);
  } else {
    convert<Number, Word>(values, false, out);
  }
}

using Decode = void (*)(const ChunkLayout&, std::span<const std::byte>, std::size_t, std::byte*, std::span<double>);

Decode decode_of(NumberType type) {
  switch (type) {
    case NumberType::int8: return decode_as<std::int8_t, std::uint8_t>;
    case NumberType::int16: return decode_as<std::int16_t, std::uint16_t>;
    case NumberType::int32: return decode_as<std::int32_t, std::uint32_t>;
    case NumberType::int64: return decode_as<std::int64_t, std::uint64_t>;
    case NumberType::uint8: return decode_as<std::uint8_t, std::uint8_t>;
    case NumberType::uint16: return decode_as<std::uint16_t, std::uint16_t>;
    case NumberType::uint32: return decode_as<std::uint32_t, std::uint32_t>;
    case NumberType::uint64: return decode_as<std::uint64_t, std::uint64_t>;
    case NumberType::float32: return decode_as<float, std::uint32_t>;
    case NumberType::float64: return decode_as<double, std::uint64_t>;
  }
  return nullptr;
}

}  // namespace

bool is_stored_plainly(const ChunkLayout& layout) {
  return layout.type == NumberType::float64 && !layout.is_big_endian && !layout.is_shuffled && !layout.is_deflated;
}

bool has_checksum(std::span<const std::byte> bytes, std::span<const std::byte> stored_checksum) {
  std::uint32_t expected = 0;
  std::memcpy(&expected, stored_checksum.data(), checksum_bytes);
  return fletcher32(bytes) == expected;
}

ChunkDecoder::ChunkDecoder(const ChunkLayout& layout) : layout_(layout) {
  const auto bytes = static_cast<std::size_t>(layout.chunk_bytes());
  if (layout.is_shuffled) unshuffled_ = std::make_unique_for_overwrite<std::byte[]>(bytes);
  if (!layout.is_deflated) return;
  inflated_ = std::make_unique_for_overwrite<std::byte[]>(bytes);
  decompressor_.reset(libdeflate_alloc_decompressor());
  if (!decompressor_) throw std::bad_alloc();
}

void ChunkDecoder::Free::operator()(libdeflate_decompressor* decompressor) const {
  libdeflate_free_decompressor(decompressor);
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
  std::size_t written = 0;
  const libdeflate_result result = libdeflate_zlib_decompress(decompressor_.get(), bytes.data(), bytes.size(),
                                                              inflated_.get(), chunk_bytes, &written);
  if (result == LIBDEFLATE_INSUFFICIENT_SPACE) return ChunkState::oversized;
  bytes = {inflated_.get(), written};
  return result == LIBDEFLATE_SUCCESS ? ChunkState::decoded : ChunkState::damaged;
}

ChunkState ChunkDecoder::decode(std::span<const std::byte> stored, std::int64_t first, std::span<double> out) {
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
  decode_of(layout_.type)(layout_, bytes, static_cast<std::size_t>(first), unshuffled_.get(), out);
  return ChunkState::decoded;
}

}  // namespace cardseg::io
