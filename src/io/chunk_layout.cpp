#include "io/chunk_layout.hpp"

#include <algorithm>
#include <array>

#include "io/hdf5_handle.hpp"

namespace cardseg::io {
namespace {

using hdf5::check;
using hdf5::Handle;

struct KnownType {
  hid_t id;
  NumberType type;
  bool is_big_endian;
};

std::optional<KnownType> known_type(hid_t type) {
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
  return *found;
}

// A boolean's values are those of the integers below it.
std::optional<KnownType> stored_type(hid_t dataset) {
  const Handle type(H5Dget_type(dataset), H5Tclose, "H5Dget_type");
  if (H5Tget_class(type.get()) != H5T_ENUM) return known_type(type.get());
  const Handle base(H5Tget_super(type.get()), H5Tclose, "H5Tget_super");
  return known_type(base.get());
}

// False where a filter is not one of the three, or not in their order.
bool note_filters(hid_t properties, ChunkLayout& layout) {
  int last = 0;
  const int count = check(H5Pget_nfilters(properties), "H5Pget_nfilters");
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0;
    unsigned config = 0;
    std::size_t values = 0;
    const H5Z_filter_t filter =
        H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, &config);
    const int place = filter == H5Z_FILTER_SHUFFLE ? 1 : filter == H5Z_FILTER_DEFLATE ? 2 : 3;
    if ((place == 3 && filter != H5Z_FILTER_FLETCHER32) || place <= last) return false;
    (place == 1 ? layout.is_shuffled : place == 2 ? layout.is_deflated : layout.has_checksum) = true;
    last = place;
  }
  return true;
}

bool is_chunked_in_one_dimension(hid_t properties, hid_t space) {
  unsigned options = 0;
  return H5Pget_layout(properties) == H5D_CHUNKED && H5Sget_simple_extent_ndims(space) == 1 &&
         H5Pget_chunk_opts(properties, &options) >= 0 && options == 0;
}

// A chunk that deflate made longer, and its checksum; twice is more than any compressor needs.
std::int64_t largest_stored(const ChunkLayout& layout) { return 2 * layout.chunk_bytes() + (std::int64_t{64} << 10); }

}  // namespace

void check_stored_bytes(const ChunkLayout& layout, std::uint64_t bytes) {
  if (bytes <= static_cast<std::uint64_t>(largest_stored(layout))) return;
  throw core::Error(core::ExitCode::internal, "a chunk takes " + std::to_string(bytes) + " bytes where its rows take " +
                                                  std::to_string(layout.chunk_bytes()));
}

std::optional<ChunkLayout> find_chunk_layout(hid_t dataset) {
  const Handle properties(H5Dget_create_plist(dataset), H5Pclose, "H5Dget_create_plist");
  const Handle space(H5Dget_space(dataset), H5Sclose, "H5Dget_space");
  if (!is_chunked_in_one_dimension(properties.get(), space.get())) return {};
  const std::optional<KnownType> type = stored_type(dataset);
  ChunkLayout layout;
  if (!type || !note_filters(properties.get(), layout)) return {};
  hsize_t rows = 0;
  hsize_t chunk_rows = 0;
  check(H5Sget_simple_extent_dims(space.get(), &rows, nullptr), "H5Sget_simple_extent_dims");
  check(H5Pget_chunk(properties.get(), 1, &chunk_rows), "H5Pget_chunk");
  layout.type = type->type;
  layout.is_big_endian = type->is_big_endian;
  layout.value_bytes = static_cast<std::int64_t>(H5Tget_size(type->id));
  layout.rows = static_cast<std::int64_t>(rows);
  layout.chunk_rows = static_cast<std::int64_t>(chunk_rows);
  return layout;
}

std::optional<std::vector<StoredChunk>> find_chunks(hid_t dataset, const ChunkLayout& layout, core::Range rows) {
  std::vector<StoredChunk> chunks;
  for (std::int64_t begin = rows.begin / layout.chunk_rows * layout.chunk_rows; begin < rows.end;
       begin += layout.chunk_rows) {
    const auto offset = static_cast<hsize_t>(begin);
    unsigned skipped_filters = 0;
    haddr_t address = HADDR_UNDEF;
    hsize_t bytes = 0;
    check(H5Dget_chunk_info_by_coord(dataset, &offset, &skipped_filters, &address, &bytes),
          "H5Dget_chunk_info_by_coord");
    if (address == HADDR_UNDEF || skipped_filters != 0) return {};
    check_stored_bytes(layout, bytes);
    chunks.push_back({static_cast<std::int64_t>(address),
                      static_cast<std::int64_t>(bytes),
                      {begin, std::min(begin + layout.chunk_rows, layout.rows)}});
  }
  return chunks;
}

int descriptor_of(hid_t file) {
  const Handle access(H5Fget_access_plist(file), H5Pclose, "H5Fget_access_plist");
  const Handle creation(H5Fget_create_plist(file), H5Pclose, "H5Fget_create_plist");
  hsize_t user_block = 0;
  check(H5Pget_userblock(creation.get(), &user_block), "H5Pget_userblock");
  if (H5Pget_driver(access.get()) != H5FD_SEC2 || user_block != 0) return -1;
  void* descriptor = nullptr;
  check(H5Fget_vfd_handle(file, H5P_DEFAULT, &descriptor), "H5Fget_vfd_handle");
  return *static_cast<const int*>(descriptor);
}

}  // namespace cardseg::io
