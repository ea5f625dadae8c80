#include "io/chunk_reader.hpp"

#include <fcntl.h>
#include <omp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>

#include "cardseg/core/error.hpp"
#include "io/chunk_decoder.hpp"

namespace cardseg::io {
namespace {

constexpr std::int64_t max_decoder_bytes = std::int64_t{48} << 20;
constexpr std::int64_t chunks_of_decoder = 4;

bool read_fully(int descriptor, std::int64_t address, std::span<std::byte> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t some =
        ::pread(descriptor, out.data() + done, out.size() - done, address + static_cast<std::int64_t>(done));
    if (some < 0 && errno == EINTR) continue;
    if (some <= 0) return false;
    done += static_cast<std::size_t>(some);
  }
  return true;
}

// A whole chunk of doubles goes straight to its place.
ChunkState read_plain_chunk(int descriptor, const ChunkLayout& layout, const StoredChunk& chunk,
                            std::span<double> out) {
  const std::span<std::byte> bytes = std::as_writable_bytes(out);
  const std::size_t behind = layout.has_checksum ? checksum_bytes : 0;
  if (static_cast<std::size_t>(chunk.bytes) != bytes.size() + behind) return ChunkState::damaged;
  if (!read_fully(descriptor, chunk.address, bytes)) return ChunkState::damaged;
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
  return decoder.decode(wanted.begin - chunk.rows.begin, place);
}

// The worst state of all chunks; what follows a failure is left out.
ChunkState read_all(int descriptor, const ChunkLayout& layout, const std::vector<StoredChunk>& chunks, core::Range rows,
                    std::span<double> out, int threads) {
  std::atomic<ChunkState> state = ChunkState::decoded;
#pragma omp parallel num_threads(threads)
  try {  // nothing may leave a thread
    ChunkDecoder decoder(layout);
#pragma omp for schedule(dynamic) nowait
    for (std::size_t i = 0; i < chunks.size(); ++i) {
      if (state != ChunkState::decoded) continue;
      const ChunkState mine = read_chunk(descriptor, layout, decoder, chunks[i], rows, out);
      if (mine != ChunkState::decoded) state = mine;
    }
  } catch (...) {
    state = ChunkState::damaged;
  }
  return state;
}

}  // namespace

bool read_chunks(int descriptor, const ChunkLayout& layout, const std::vector<StoredChunk>& chunks, core::Range rows,
                 std::span<double> out) {
  const std::int64_t decoders = max_decoder_bytes / (chunks_of_decoder * layout.chunk_bytes() + 4096);
  if (decoders < 1) return false;
  const std::int64_t threads = std::min({decoders, std::int64_t{omp_get_max_threads()}, std::ssize(chunks)});
  const ChunkState state =
      read_all(descriptor, layout, chunks, rows, out, static_cast<int>(std::max(threads, std::int64_t{1})));
  if (state == ChunkState::oversized)
    throw core::Error(core::ExitCode::internal, "a chunk inflates to more than the " +
                                                    std::to_string(layout.chunk_bytes()) + " bytes of its rows");
  return state == ChunkState::decoded;
}

void prefetch_chunks(int descriptor, const std::vector<StoredChunk>& chunks) {
  for (const StoredChunk& chunk : chunks) ::posix_fadvise(descriptor, chunk.address, chunk.bytes, POSIX_FADV_WILLNEED);
}

}  // namespace cardseg::io
