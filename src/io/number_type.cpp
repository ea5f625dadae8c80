#include "io/number_type.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <type_traits>

#include "io/hdf5_handle.hpp"

namespace cardseg::io {
namespace {

static_assert(std::endian::native == std::endian::little);

struct KnownType {
  hid_t id;
  NumberType type;
  bool is_big_endian;
};

template <class Word>
Word byte_swapped(Word word) {
  if constexpr (sizeof(Word) == 1) return word;
  if constexpr (sizeof(Word) == 2) return __builtin_bswap16(word);
  if constexpr (sizeof(Word) == 4) return __builtin_bswap32(word);
  if constexpr (sizeof(Word) == 8) return __builtin_bswap64(word);
}

template <class Number, class Word, bool is_big_endian, class To>
void convert_words(const std::byte* bytes, std::size_t stride, std::span<To> out) {
  To* to = out.data();
  for (std::size_t i = 0; i < out.size(); ++i) {
    Word word;
    std::memcpy(&word, bytes + i * stride, sizeof word);
    if constexpr (is_big_endian) word = byte_swapped(word);
    to[i] = static_cast<To>(std::bit_cast<Number>(word));
  }
}

template <class Number, class Word, class To>
void convert_as(bool is_big_endian, const std::byte* bytes, std::size_t stride, std::span<To> out) {
  if (is_big_endian) return convert_words<Number, Word, true>(bytes, stride, out);
  if (stride != sizeof(Word)) return convert_words<Number, Word, false>(bytes, stride, out);
  if constexpr (std::is_same_v<Number, To>)
    std::memcpy(out.data(), bytes, out.size_bytes());
  else
    convert_words<Number, Word, false>(bytes, sizeof(Word), out);  // a stride that the compiler knows
}

template <class To>
void convert(const StoredNumber& stored, const std::byte* bytes, std::size_t stride, std::span<To> out) {
  const bool is_big_endian = stored.is_big_endian;
  switch (stored.type) {
    case NumberType::int8: return convert_as<std::int8_t, std::uint8_t>(is_big_endian, bytes, stride, out);
    case NumberType::int16: return convert_as<std::int16_t, std::uint16_t>(is_big_endian, bytes, stride, out);
    case NumberType::int32: return convert_as<std::int32_t, std::uint32_t>(is_big_endian, bytes, stride, out);
    case NumberType::int64: return convert_as<std::int64_t, std::uint64_t>(is_big_endian, bytes, stride, out);
    case NumberType::uint8: return convert_as<std::uint8_t, std::uint8_t>(is_big_endian, bytes, stride, out);
    case NumberType::uint16: return convert_as<std::uint16_t, std::uint16_t>(is_big_endian, bytes, stride, out);
    case NumberType::uint32: return convert_as<std::uint32_t, std::uint32_t>(is_big_endian, bytes, stride, out);
    case NumberType::uint64: return convert_as<std::uint64_t, std::uint64_t>(is_big_endian, bytes, stride, out);
    case NumberType::float32:
    case NumberType::float64: break;
  }
  if constexpr (std::is_same_v<To, double>) {
    if (stored.type == NumberType::float32) return convert_as<float, std::uint32_t>(is_big_endian, bytes, stride, out);
    return convert_as<double, std::uint64_t>(is_big_endian, bytes, stride, out);
  }
  throw core::Error(core::ExitCode::internal, "floating-point numbers are read as integers");
}

}  // namespace

std::optional<StoredNumber> stored_number(hid_t type) {
  if (H5Tget_class(type) == H5T_ENUM) {
    const hdf5::Handle base(H5Tget_super(type), H5Tclose, "H5Tget_super");
    return stored_number(base.get());
  }
  const std::array known = {
      KnownType{H5T_STD_I8LE, NumberType::int8, false},      KnownType{H5T_STD_I8BE, NumberType::int8, false},
      KnownType{H5T_STD_U8LE, NumberType::uint8, false},     KnownType{H5T_STD_U8BE, NumberType::uint8, false},
      KnownType{H5T_STD_I16LE, NumberType::int16, false},    KnownType{H5T_STD_I16BE, NumberType::int16, true},
      KnownType{H5T_STD_U16LE, NumberType::uint16, false},   KnownType{H5T_STD_U16BE, NumberType::uint16, true},
      KnownType{H5T_STD_I32LE, NumberType::int32, false},    KnownType{H5T_STD_I32BE, NumberType::int32, true},
      KnownType{H5T_STD_U32LE, NumberType::uint32, false},   KnownType{H5T_STD_U32BE, NumberType::uint32, true},
      KnownType{H5T_STD_I64LE, NumberType::int64, false},    KnownType{H5T_STD_I64BE, NumberType::int64, true},
      KnownType{H5T_STD_U64LE, NumberType::uint64, false},   KnownType{H5T_STD_U64BE, NumberType::uint64, true},
      KnownType{H5T_IEEE_F32LE, NumberType::float32, false}, KnownType{H5T_IEEE_F32BE, NumberType::float32, true},
      KnownType{H5T_IEEE_F64LE, NumberType::float64, false}, KnownType{H5T_IEEE_F64BE, NumberType::float64, true}};
  const auto found =
      std::find_if(known.begin(), known.end(), [type](const KnownType& k) { return H5Tequal(type, k.id) > 0; });
  if (found == known.end()) return {};
  return StoredNumber{found->type, found->is_big_endian, static_cast<std::int64_t>(H5Tget_size(found->id))};
}

void convert_numbers(const StoredNumber& stored, const std::byte* bytes, std::size_t stride, std::span<double> out) {
  convert(stored, bytes, stride, out);
}

void convert_numbers(const StoredNumber& stored, const std::byte* bytes, std::size_t stride,
                     std::span<std::int64_t> out) {
  convert(stored, bytes, stride, out);
}

}  // namespace cardseg::io
