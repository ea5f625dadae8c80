#include "io/value_digests.hpp"

#include <xxhash.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "io/hdf5_handle.hpp"
#include "io/number_type.hpp"

namespace cardseg::io {
namespace {

using hdf5::check;
using hdf5::Handle;

constexpr std::int64_t most_in_attribute = 8000;  // of 8 bytes; HDF5 keeps up to 64 KiB of an attribute in a header

std::string attribute_name(std::int64_t part) {
  return part == 0 ? std::string("cardseg_xxh3") : "cardseg_xxh3." + std::to_string(part);
}

// Those from `begin` on that one attribute holds.
std::span<std::uint64_t> part_of(std::vector<std::uint64_t>& numbers, std::int64_t begin) {
  const auto count = std::min<std::int64_t>(most_in_attribute, std::ssize(numbers) - begin);
  return std::span(numbers).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(count));
}

void write_part(hid_t dataset, std::int64_t part, std::span<const std::uint64_t> numbers) {
  const auto count = static_cast<hsize_t>(numbers.size());
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose, "H5Screate_simple");
  const Handle attribute(
      H5Acreate2(dataset, attribute_name(part).c_str(), H5T_STD_U64LE, space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
      "H5Acreate2");
  check(H5Awrite(attribute.get(), H5T_NATIVE_UINT64, numbers.data()), "H5Awrite");
}

// Fills `out`; false where the attribute is another one.
bool read_part(hid_t dataset, std::int64_t part, std::span<std::uint64_t> out) {
  const std::string name = attribute_name(part);
  if (check(H5Aexists(dataset, name.c_str()), "H5Aexists") == 0) return false;
  const Handle attribute(H5Aopen(dataset, name.c_str(), H5P_DEFAULT), H5Aclose, "H5Aopen");
  const Handle type(H5Aget_type(attribute.get()), H5Tclose, "H5Aget_type");
  const Handle space(H5Aget_space(attribute.get()), H5Sclose, "H5Aget_space");
  const std::optional<StoredNumber> number = stored_number(type.get());
  if (!number || number->type != NumberType::uint64) return false;
  if (H5Sget_simple_extent_npoints(space.get()) != static_cast<hssize_t>(out.size())) return false;
  check(H5Aread(attribute.get(), H5T_NATIVE_UINT64, out.data()), "H5Aread");
  return true;
}

}  // namespace

std::uint64_t digest_of(std::span<const std::byte> values) { return XXH3_64bits(values.data(), values.size()); }

void write_digests(hid_t dataset, std::int64_t chunk_rows, std::span<const std::uint64_t> digests) {
  std::vector<std::uint64_t> numbers = {static_cast<std::uint64_t>(chunk_rows)};
  numbers.insert(numbers.end(), digests.begin(), digests.end());
  for (std::int64_t begin = 0; begin < std::ssize(numbers); begin += most_in_attribute)
    write_part(dataset, begin / most_in_attribute, part_of(numbers, begin));
}

ValueDigests read_digests(hid_t dataset, std::int64_t chunk_rows, std::int64_t rows) {
  if (chunk_rows < 1 || !has_digests(dataset)) return {};
  const std::int64_t chunks = (rows + chunk_rows - 1) / chunk_rows;
  std::vector<std::uint64_t> numbers(static_cast<std::size_t>(chunks + 1));
  for (std::int64_t begin = 0; begin < std::ssize(numbers); begin += most_in_attribute) {
    if (!read_part(dataset, begin / most_in_attribute, part_of(numbers, begin))) return {};
  }
  if (numbers.front() != static_cast<std::uint64_t>(chunk_rows)) return {};
  numbers.erase(numbers.begin());
  return std::make_shared<const std::vector<std::uint64_t>>(std::move(numbers));
}

bool has_digests(hid_t dataset) { return check(H5Aexists(dataset, attribute_name(0).c_str()), "H5Aexists") > 0; }

}  // namespace cardseg::io
