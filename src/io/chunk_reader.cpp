#include "io/chunk_reader.hpp"

#include <fcntl.h>
#include <omp.h>
#include <optional>

#include <algorithm>
#include <array>
#include <atomic>

#include "cardseg/core/error.hpp"
#include "cardseg/core/thread_failure.hpp"
#include "io/chunk_decoder.hpp"
#include "io/file_bytes.hpp"
#include "io/hdf5_guard.hpp"

namespace cardseg::io {
namespace {

constexpr std::int64_t max_decoder_bytes = std::int64_t{48} << 20;
constexpr std::int64_t chunks_of_decoder = 4;
constexpr std::int64_t max_fetched_bytes = std::int64_t{16} << 20;
constexpr std::int64_t fetched_slack = 64;  // of a chunk that no filter made smaller: its checksum

// A whole chunk of doubles goes straight to its place.
ChunkState read_plain_chunk(int descriptor, const ChunkLayout& layout, const StoredChunk& chunk,
                            std::span<double> out) {
  const std::span<std::byte> bytes = std::as_writable_bytes(out);
  const std::size_t behind = layout.has_checksum ? checksum_bytes : 0;
  if (static_cast<std::size_t>(chunk.bytes) != bytes.size() + behind) return ChunkState::damaged;
  if (!read_fully(descriptor, chunk.address, bytes)) return ChunkState::damaged;
  if (chunk.digest && digest_of(bytes) != *chunk.digest) return ChunkState::damaged;
  if (!layout.has_checksum) return ChunkState::decoded;
  std::array<std::byte, checksum_bytes> checksum{};
  const bool is_read = read_fully(descriptor, chunk.address + std::ssize(bytes), checksum);
  return is_read && has_checksum(bytes, checksum) ? ChunkState::decoded : ChunkState::damaged;
}

ChunkState read_chunk(int descriptor, const ChunkLayout& layout, ChunkDecoder& decoder, const StoredChunk& chunk,
                      core::Range rows, std::span<double> out) {
  const core::Range wanted = core::intersection(chunk.rows, rows);
  const std::span<double> place =
      out.subspan(static_cast<std::size_t>(wanted.begin - rows.begin), static_cast<std::size_t>(wanted.size()));
  if (wanted.size() == layout.chunk_rows && is_stored_plainly(layout))
    return read_plain_chunk(descriptor, layout, chunk, place);
  if (!read_fully(descriptor, chunk.address, decoder.stored(chunk.bytes))) return ChunkState::damaged;
  return decoder.decode(chunk, wanted.begin - chunk.rows.begin, place);
}

// The worst state of all chunks, each of which work(decoder, i) decodes; what follows a failure is left out.
template <class Work>
ChunkState decode_all(const ChunkLayout& layout, std::int64_t chunks, std::int64_t threads, Work work) {
  std::atomic<ChunkState> state = ChunkState::decoded;
  core::ThreadFailure failure;
#pragma omp parallel num_threads(static_cast <int>(std::clamp(chunks, std::int64_t{1}, threads)))
  {
    std::optional<ChunkDecoder> decoder;
    failure.guard([&] { decoder.emplace(layout); });
#pragma omp for schedule(dynamic) nowait
    for (std::int64_t i = 0; i < chunks; ++i) {
      if (state != ChunkState::decoded) continue;
      ChunkState mine = ChunkState::decoded;
      failure.guard([&] { mine = work(*decoder, static_cast<std::size_t>(i)); });
      if (mine != ChunkState::decoded) state = mine;
    }
  }
  failure.rethrow();
  return state;
}

// As many as may decode at once; 0 where a chunk is too large.
std::int64_t decoding_threads(const ChunkLayout& layout) {
  const std::int64_t decoders = max_decoder_bytes / (chunks_of_decoder * layout.chunk_bytes() + 4096);
  return std::min(decoders, std::int64_t{omp_get_max_threads()});
}

bool is_decoded(const ChunkLayout& layout, ChunkState state) {
  if (state == ChunkState::oversized)
    throw core::Error(core::ExitCode::internal, "a chunk inflates to more than the " +
                                                    std::to_string(layout.chunk_bytes()) + " bytes of its rows");
  return state == ChunkState::decoded;
}

// Stored chunks, one behind the other; an address is a place in `bytes`.
struct Fetched {
  std::vector<std::byte> bytes;  // of which the first `used`
  std::size_t used = 0;
  std::vector<StoredChunk> chunks;
};

// Fetches the chunk that begins at this row. False where it skips a filter, or cannot be read.
bool fetch_chunk(hid_t dataset, const ChunkLayout& layout, std::int64_t row, Fetched& fetched) {
  const auto offset = static_cast<hsize_t>(row);
  const std::size_t bytes = stored_chunk_bytes(dataset, &offset, layout.chunk_bytes());
  std::uint32_t skipped_filters = 0;
  const std::size_t place = fetched.used;
  fetched.used += bytes;
  if (fetched.bytes.size() < fetched.used) fetched.bytes.resize(fetched.used);
  if (H5Dread_chunk(dataset, H5P_DEFAULT, &offset, &skipped_filters, fetched.bytes.data() + place) < 0) return false;
  fetched.chunks.push_back(
      stored_chunk(layout, row, static_cast<std::int64_t>(place), static_cast<std::int64_t>(bytes)));
  return skipped_filters == 0;
}

ChunkState decode_fetched(const Fetched& fetched, std::size_t i, ChunkDecoder& decoder, core::Range rows,
                          std::span<double> out) {
  const StoredChunk& chunk = fetched.chunks[i];
  const core::Range wanted = core::intersection(chunk.rows, rows);
  const std::span stored(fetched.bytes.data() + chunk.address, static_cast<std::size_t>(chunk.bytes));
  return decoder.decode(
      stored, chunk, wanted.begin - chunk.rows.begin,
      out.subspan(static_cast<std::size_t>(wanted.begin - rows.begin), static_cast<std::size_t>(wanted.size())));
}

}  // namespace

bool read_chunks(int descriptor, const ChunkLayout& layout, const std::vector<StoredChunk>& chunks, core::Range rows,
                 std::span<double> out) {
  const std::int64_t threads = decoding_threads(layout);
  if (threads < 1) return false;
  return is_decoded(layout, decode_all(layout, std::ssize(chunks), threads, [&](ChunkDecoder& decoder, std::size_t i) {
                      return read_chunk(descriptor, layout, decoder, chunks[i], rows, out);
                    }));
}

bool read_fetched_chunks(hid_t dataset, const ChunkLayout& layout, core::Range rows, std::span<double> out) {
  const std::int64_t threads = decoding_threads(layout);
  if (threads < 1) return false;
  Fetched fetched{std::vector<std::byte>(static_cast<std::size_t>(max_fetched_bytes)), 0, {}};
  for (std::int64_t row = rows.begin / layout.chunk_rows * layout.chunk_rows; row < rows.end;) {
    fetched.used = 0;
    fetched.chunks.clear();
    for (; row < rows.end; row += layout.chunk_rows) {
      const bool is_full =
          static_cast<std::int64_t>(fetched.used) + layout.chunk_bytes() + fetched_slack > max_fetched_bytes;
      if (is_full && !fetched.chunks.empty()) break;
      bool is_fetched = false;
      hdf5::guarded([&] { is_fetched = fetch_chunk(dataset, layout, row, fetched); });
      if (!is_fetched) return false;
    }
    const ChunkState state = decode_all(
        layout, std::ssize(fetched.chunks), threads,
        [&](ChunkDecoder& decoder, std::size_t i) { return decode_fetched(fetched, i, decoder, rows, out); });
    if (!is_decoded(layout, state)) return false;
  }
  return true;
}

void prefetch_chunks(int descriptor, const std::vector<StoredChunk>& chunks) {
  for (const StoredChunk& chunk : chunks) ::posix_fadvise(descriptor, chunk.address, chunk.bytes, POSIX_FADV_WILLNEED);
}

}  // namespace cardseg::io
