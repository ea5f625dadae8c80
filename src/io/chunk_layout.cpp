#include "io/chunk_layout.hpp"

#include <algorithm>
#include <functional>
#include <string>

#include "io/chunk_filters.hpp"
#include "io/hdf5_handle.hpp"

namespace cardseg::io {
namespace {

using hdf5::check;
using hdf5::Handle;

constexpr const char* lost_chunk = "a chunk is not there: it was never written, or the list of chunks is damaged";

[[noreturn]] void fail(const std::string& what) { throw core::Error(core::ExitCode::internal, what); }

// False where the filters are not in the order in which this program undoes them on all threads.
bool note_filters(hid_t properties, ChunkLayout& layout) {
  const std::optional<std::vector<Filter>> filters = filters_of(properties);
  if (!filters || std::ranges::adjacent_find(*filters, std::greater_equal<>()) != filters->end()) return false;
  for (const Filter filter : *filters)
    (filter == Filter::shuffle   ? layout.is_shuffled
     : filter == Filter::deflate ? layout.is_deflated
                                 : layout.has_checksum) = true;
  return true;
}

bool is_chunked_in_one_dimension(hid_t properties, hid_t space) {
  unsigned options = 0;
  return H5Pget_layout(properties) == H5D_CHUNKED && H5Sget_simple_extent_ndims(space) == 1 &&
         H5Pget_chunk_opts(properties, &options) >= 0 && options == 0;
}

// A chunk that deflate made longer, and its checksum; twice is more than any compressor needs.
std::size_t checked_bytes(hsize_t bytes, std::int64_t chunk_bytes) {
  if (bytes <= static_cast<hsize_t>(2 * chunk_bytes + (std::int64_t{64} << 10))) return bytes;
  fail("a chunk takes " + std::to_string(bytes) + " bytes where its rows take " + std::to_string(chunk_bytes));
}

// One place for two chunks: HDF5's list of them is damaged.
void check_places(std::vector<StoredChunk> chunks) {
  std::ranges::sort(chunks, {}, &StoredChunk::address);
  for (std::size_t i = 1; i < chunks.size(); ++i)
    if (chunks[i].address < chunks[i - 1].address + chunks[i - 1].bytes) fail("two chunks have one place in the file");
}

}  // namespace

std::size_t stored_chunk_bytes(hid_t dataset, const hsize_t* offset, std::int64_t chunk_bytes) {
  hsize_t bytes = 0;
  try {
    check(H5Dget_chunk_storage_size(dataset, offset, &bytes), "H5Dget_chunk_storage_size");
  } catch (const core::Error& error) {  // what HDF5 says of a lost chunk that has no filter
    if (error.reason().find("storage is not allocated") == std::string::npos) throw;
  }
  if (bytes == 0) fail(lost_chunk);
  return checked_bytes(bytes, chunk_bytes);
}

std::optional<ChunkLayout> find_chunk_layout(hid_t dataset) {
  const Handle properties(H5Dget_create_plist(dataset), H5Pclose, "H5Dget_create_plist");
  const Handle space(H5Dget_space(dataset), H5Sclose, "H5Dget_space");
  if (!is_chunked_in_one_dimension(properties.get(), space.get())) return {};
  const Handle type(H5Dget_type(dataset), H5Tclose, "H5Dget_type");
  const std::optional<StoredNumber> number = stored_number(type.get());
  ChunkLayout layout;
  if (!number || !note_filters(properties.get(), layout)) return {};
  hsize_t rows = 0;
  hsize_t chunk_rows = 0;
  check(H5Sget_simple_extent_dims(space.get(), &rows, nullptr), "H5Sget_simple_extent_dims");
  check(H5Pget_chunk(properties.get(), 1, &chunk_rows), "H5Pget_chunk");
  layout.number = *number;
  layout.rows = static_cast<std::int64_t>(rows);
  layout.chunk_rows = static_cast<std::int64_t>(chunk_rows);
  layout.digests = read_digests(dataset, layout.chunk_rows, layout.rows);
  return layout;
}

StoredChunk stored_chunk(const ChunkLayout& layout, std::int64_t row, std::int64_t address, std::int64_t bytes) {
  StoredChunk chunk{address, bytes, {row, std::min(row + layout.chunk_rows, layout.rows)}};
  if (layout.digests) chunk.digest = (*layout.digests)[static_cast<std::size_t>(row / layout.chunk_rows)];
  return chunk;
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
    if (address == HADDR_UNDEF) fail(lost_chunk);
    if (skipped_filters != 0) return {};
    checked_bytes(bytes, layout.chunk_bytes());
    chunks.push_back(stored_chunk(layout, begin, static_cast<std::int64_t>(address), static_cast<std::int64_t>(bytes)));
  }
  check_places(chunks);
  return chunks;
}

}  // namespace cardseg::io
