// The chunks of a column, read from its file and decoded on all threads. HDF5 itself would do both on one.
#pragma once

#include <span>
#include <vector>

#include "io/chunk_layout.hpp"

namespace cardseg::io {

/// Local; threads share the chunks. Reads `chunks` (those of `rows`, `find_chunks`) from the file under `descriptor`
/// and writes the rows into `out`. False where one cannot be read or is damaged: ChunkValues says why, and reads
/// what is stored otherwise. Throws core::Error(internal) for a chunk that inflates to more than its rows. Memory: 48
/// MiB at most.
bool read_chunks(int descriptor, const ChunkLayout& layout, const std::vector<StoredChunk>& chunks, core::Range rows,
                 std::span<double> out);

/// Local; threads share the decoding. The same for a dataset of any number of chunks: HDF5 fetches their stored bytes,
/// on one thread, 16 MiB at a time or one chunk. Memory: 64 MiB at most, or 48 and a stored chunk.
bool read_fetched_chunks(hid_t dataset, const ChunkLayout& layout, core::Range rows, std::span<double> out);

/// Local. Tells the system that these chunks will be read: it fetches them while the program goes on, in its own
/// memory.
void prefetch_chunks(int descriptor, const std::vector<StoredChunk>& chunks);

}  // namespace cardseg::io
