#include "io/chunk_values.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>

#include "io/chunk_layout.hpp"
#include "io/hdf5_handle.hpp"

namespace cardseg::io {
namespace {

using hdf5::check;
using hdf5::Handle;

constexpr int most_dimensions = 2;

}  // namespace

ChunkValues::ChunkValues(hid_t dataset, std::int64_t value_bytes, std::int64_t kept_bytes)
    : dataset_(dataset), value_bytes_(value_bytes) {
  const Handle properties(H5Dget_create_plist(dataset), H5Pclose, "H5Dget_create_plist");
  const Handle space(H5Dget_space(dataset), H5Sclose, "H5Dget_space");
  dimensions_ = check(H5Sget_simple_extent_ndims(space.get()), "H5Sget_simple_extent_ndims");
  std::optional<std::vector<Filter>> filters = filters_of(properties.get());
  if (dimensions_ < 1 || dimensions_ > most_dimensions || !filters)
    throw core::Error(core::ExitCode::internal, "chunks are stored in a way that is not read");
  std::array<hsize_t, most_dimensions> chunk = {1, 1};
  std::array<hsize_t, most_dimensions> extent = {1, 1};
  check(H5Pget_chunk(properties.get(), dimensions_, chunk.data()), "H5Pget_chunk");
  check(H5Sget_simple_extent_dims(space.get(), extent.data(), nullptr), "H5Sget_simple_extent_dims");
  unsigned options = 0;
  check(H5Pget_chunk_opts(properties.get(), &options), "H5Pget_chunk_opts");
  has_plain_edges_ = (options & H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS) != 0;
  rows_ = static_cast<std::int64_t>(extent[0]);
  columns_ = static_cast<std::int64_t>(extent[1]);
  rows_of_chunk_ = static_cast<std::int64_t>(chunk[0]);
  columns_of_chunk_ = static_cast<std::int64_t>(chunk[1]);
  chunk_bytes_ = rows_of_chunk_ * columns_of_chunk_ * value_bytes;
  chunks_across_ = (columns_ + columns_of_chunk_ - 1) / columns_of_chunk_;
  most_kept_ = static_cast<std::size_t>(std::max<std::int64_t>(1, kept_bytes / chunk_bytes_));
  if (dimensions_ == 1) digests_ = read_digests(dataset, rows_of_chunk_, rows_);
  pipeline_.emplace(std::move(*filters), value_bytes, chunk_bytes_);
}

template <class Use>
void ChunkValues::for_each_part(core::Range rows, std::int64_t column, Use use) {
  const std::int64_t stride = columns_of_chunk_ * value_bytes_;
  for (std::int64_t row = rows.begin; row < rows.end;) {
    const std::int64_t in_chunk = row % rows_of_chunk_;
    const std::int64_t count = std::min(rows_of_chunk_ - in_chunk, rows.end - row);
    const std::vector<std::byte>& chunk = chunk_at(row, column);
    use(chunk.data() + in_chunk * stride + column % columns_of_chunk_ * value_bytes_, static_cast<std::size_t>(stride),
        static_cast<std::size_t>(count), static_cast<std::size_t>(row - rows.begin));
    row += count;
  }
}

template <class Number>
void ChunkValues::read_numbers(const StoredNumber& stored, core::Range rows, std::int64_t column,
                               std::span<Number> out) {
  for_each_part(rows, column, [&](const std::byte* first, std::size_t stride, std::size_t count, std::size_t at) {
    convert_numbers(stored, first, stride, out.subspan(at, count));
  });
}

template void ChunkValues::read_numbers(const StoredNumber&, core::Range, std::int64_t, std::span<double>);
template void ChunkValues::read_numbers(const StoredNumber&, core::Range, std::int64_t, std::span<std::int64_t>);

void ChunkValues::read_bytes(core::Range rows, std::int64_t column, std::span<std::byte> out) {
  const auto bytes = static_cast<std::size_t>(value_bytes_);
  for_each_part(rows, column, [&](const std::byte* first, std::size_t stride, std::size_t count, std::size_t at) {
    std::byte* to = out.data() + at * bytes;
    if (stride == bytes) return void(std::memcpy(to, first, count * bytes));
    for (std::size_t i = 0; i < count; ++i) std::memcpy(to + i * bytes, first + i * stride, bytes);
  });
}

const std::vector<std::byte>& ChunkValues::chunk_at(std::int64_t row, std::int64_t column) {
  const std::int64_t number = row / rows_of_chunk_ * chunks_across_ + column / columns_of_chunk_;
  if (!kept_.empty() && kept_.front().number == number) return kept_.front().bytes;
  if (const auto known = places_.find(number); known != places_.end()) {
    kept_.splice(kept_.begin(), kept_, known->second);
    return kept_.front().bytes;
  }
  std::vector<std::byte> bytes;
  if (kept_.size() >= most_kept_) {  // its memory serves again
    bytes = std::move(kept_.back().bytes);
    places_.erase(kept_.back().number);
    kept_.pop_back();
  }
  decode(row, column, bytes);
  kept_.push_front({number, std::move(bytes)});
  places_[number] = kept_.begin();
  return kept_.front().bytes;
}

bool ChunkValues::is_at_edge(std::int64_t row, std::int64_t column) const {
  return row / rows_of_chunk_ * rows_of_chunk_ + rows_of_chunk_ > rows_ ||
         column / columns_of_chunk_ * columns_of_chunk_ + columns_of_chunk_ > columns_;
}

void ChunkValues::check_digest(std::int64_t row, std::span<const std::byte> bytes) const {
  if (!digests_) return;
  const std::int64_t chunk = row / rows_of_chunk_;
  const std::int64_t rows = std::min(rows_of_chunk_, rows_ - chunk * rows_of_chunk_);
  if (digest_of(bytes.first(static_cast<std::size_t>(rows * value_bytes_))) !=
      (*digests_)[static_cast<std::size_t>(chunk)])
    throw core::Error(core::ExitCode::internal, "the digest of a chunk's values differs (xxh3)");
}

void ChunkValues::decode(std::int64_t row, std::int64_t column, std::vector<std::byte>& out) {
  const std::array<hsize_t, most_dimensions> offset = {
      static_cast<hsize_t>(row / rows_of_chunk_ * rows_of_chunk_),
      static_cast<hsize_t>(column / columns_of_chunk_ * columns_of_chunk_)};
  std::uint32_t skipped = 0;
  hdf5::guarded([&] {
    out.resize(stored_chunk_bytes(dataset_, offset.data(), chunk_bytes_));
    check(H5Dread_chunk(dataset_, H5P_DEFAULT, offset.data(), &skipped, out.data()), "H5Dread_chunk");
  });
  pipeline_->undo(out, has_plain_edges_ && is_at_edge(row, column) ? ~std::uint32_t{0} : skipped);
  check_digest(row, out);
}

}  // namespace cardseg::io
