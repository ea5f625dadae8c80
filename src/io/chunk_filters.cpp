#include "io/chunk_filters.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "io/fletcher32.hpp"
#include "io/hdf5_handle.hpp"

namespace cardseg::io {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::size_t most_kept_bytes = std::size_t{16} << 20;

[[noreturn]] void fail(const std::string& what) { throw core::Error(core::ExitCode::internal, what); }

template <class Word>
void unshuffle_words(std::span<const std::byte> bytes, std::size_t first, std::span<std::byte> out) {
  const std::size_t values = bytes.size() / sizeof(Word);
  const auto* plane = reinterpret_cast<const unsigned char*>(bytes.data()) + first;
  for (std::size_t i = 0; i < out.size() / sizeof(Word); ++i) {
    Word word = 0;
    for (std::size_t b = 0; b < sizeof(Word); ++b)
      word = static_cast<Word>(word | static_cast<Word>(static_cast<Word>(plane[b * values + i]) << (8 * b)));
    std::memcpy(out.data() + i * sizeof(Word), &word, sizeof word);
  }
}

}  // namespace

std::optional<std::vector<Filter>> filters_of(hid_t properties) {
  std::vector<Filter> filters;
  const int count = hdf5::check(H5Pget_nfilters(properties), "H5Pget_nfilters");
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0;
    unsigned config = 0;
    std::size_t values = 0;
    switch (H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, &config)) {
      case H5Z_FILTER_SHUFFLE: filters.push_back(Filter::shuffle); break;
      case H5Z_FILTER_DEFLATE: filters.push_back(Filter::deflate); break;
      case H5Z_FILTER_FLETCHER32: filters.push_back(Filter::checksum); break;
      default: return {};
    }
  }
  return filters;
}

bool has_checksum(std::span<const std::byte> bytes, std::span<const std::byte> stored_checksum) {
  std::uint32_t expected = 0;
  std::memcpy(&expected, stored_checksum.data(), checksum_bytes);
  return fletcher32(bytes) == expected;
}

void unshuffle(std::span<const std::byte> bytes, std::size_t value_bytes, std::size_t first, std::span<std::byte> out) {
  switch (value_bytes) {
    case 1: std::memcpy(out.data(), bytes.data() + first, out.size()); return;
    case 2: return unshuffle_words<std::uint16_t>(bytes, first, out);
    case 4: return unshuffle_words<std::uint32_t>(bytes, first, out);
    case 8: return unshuffle_words<std::uint64_t>(bytes, first, out);
    default: break;
  }
  const std::size_t values = bytes.size() / value_bytes;
  const std::size_t count = out.size() / value_bytes;
  for (std::size_t b = 0; b < value_bytes; ++b)
    for (std::size_t i = 0; i < count; ++i) out[i * value_bytes + b] = bytes[b * values + first + i];
}

Inflater::Inflater() : decompressor_(libdeflate_alloc_decompressor()) {
  if (!decompressor_) throw std::bad_alloc();
}

void Inflater::Free::operator()(libdeflate_decompressor* decompressor) const {
  libdeflate_free_decompressor(decompressor);
}

std::optional<std::size_t> Inflater::inflate(std::span<const std::byte> stored, std::span<std::byte> out) {
  std::size_t written = 0;
  const libdeflate_result result =
      libdeflate_zlib_decompress(decompressor_.get(), stored.data(), stored.size(), out.data(), out.size(), &written);
  is_oversized_ = result == LIBDEFLATE_INSUFFICIENT_SPACE;
  if (result != LIBDEFLATE_SUCCESS) return {};
  return written;
}

FilterPipeline::FilterPipeline(std::vector<Filter> filters, std::int64_t value_bytes, std::int64_t chunk_bytes)
    : filters_(std::move(filters)),
      value_bytes_(static_cast<std::size_t>(value_bytes)),
      chunk_bytes_(static_cast<std::size_t>(chunk_bytes)),
      most_bytes_(chunk_bytes_ + filters_.size() * checksum_bytes) {}

void FilterPipeline::undo(std::vector<std::byte>& bytes, std::uint32_t skipped) {
  for (std::size_t i = filters_.size(); i-- > 0;)
    if ((skipped >> i & 1) == 0) undo(filters_[i], bytes);
  if (chunk_bytes_ > most_kept_bytes) other_ = {};
  if (bytes.size() == chunk_bytes_) return;
  fail("a chunk holds " + std::to_string(bytes.size()) + " bytes where its rows take " + std::to_string(chunk_bytes_));
}

void FilterPipeline::undo(Filter filter, std::vector<std::byte>& bytes) {
  switch (filter) {
    case Filter::checksum: return check(bytes);
    case Filter::deflate: return inflate(bytes);
    case Filter::shuffle: return unshuffle(bytes);
  }
}

void FilterPipeline::check(std::vector<std::byte>& bytes) const {
  if (bytes.size() < checksum_bytes) fail("a chunk ends before its checksum");
  const std::span<const std::byte> all = bytes;
  const std::size_t values = bytes.size() - checksum_bytes;
  if (!has_checksum(all.first(values), all.last(checksum_bytes))) fail("the checksum of a chunk differs (fletcher32)");
  bytes.resize(values);
}

void FilterPipeline::inflate(std::vector<std::byte>& bytes) {
  if (!inflater_) inflater_.emplace();
  other_.resize(most_bytes_);
  const std::optional<std::size_t> written = inflater_->inflate(bytes, other_);
  if (!written && inflater_->is_oversized())
    fail("a chunk inflates to more than the " + std::to_string(chunk_bytes_) + " bytes of its rows");
  if (!written) fail("a chunk cannot be inflated (deflate)");
  other_.resize(*written);
  bytes.swap(other_);
}

// HDF5 leaves what is no whole value where it is.
void FilterPipeline::unshuffle(std::vector<std::byte>& bytes) {
  if (value_bytes_ == 1) return;
  const std::size_t whole = bytes.size() / value_bytes_ * value_bytes_;
  other_.resize(bytes.size());
  io::unshuffle(std::span(bytes).first(whole), value_bytes_, 0, std::span(other_).first(whole));
  std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(whole), bytes.end(),
            other_.begin() + static_cast<std::ptrdiff_t>(whole));
  bytes.swap(other_);
}

}  // namespace cardseg::io
