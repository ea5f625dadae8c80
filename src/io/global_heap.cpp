#include "io/global_heap.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string_view>
#include <utility>

#include "cardseg/core/error.hpp"
#include "cardseg/core/with_commas.hpp"

namespace cardseg::io {
namespace {

static_assert(std::endian::native == std::endian::little);  // as the file is

constexpr std::int64_t header_bytes = 16;
constexpr std::int64_t max_collection_bytes = std::int64_t{64} << 20;
constexpr std::int64_t max_kept_bytes = std::int64_t{16} << 20;
constexpr std::int64_t most_file_reads = 16;
constexpr std::int64_t most_bytes_of_text = std::int64_t{64} << 10;
constexpr std::string_view signature = "GCOL";
constexpr int version = 1;

template <class Number>
Number number_at(std::span<const std::byte> bytes, std::int64_t place) {
  Number number{};
  std::memcpy(&number, bytes.data() + place, sizeof number);
  return number;
}

[[noreturn]] void fail(const std::string& what) {
  throw core::Error(core::ExitCode::internal, "the heap of its texts: " + what);
}

// Objects are stored in multiples of 8 bytes.
std::int64_t padded(std::int64_t bytes) { return (bytes + 7) / 8 * 8; }

}  // namespace

std::string GlobalHeap::text(std::span<const std::byte, reference_bytes> reference, std::int64_t max_bytes) {
  const std::int64_t length = number_at<std::uint32_t>(reference, 0);
  const auto address = number_at<std::int64_t>(reference, 4);
  const auto index = number_at<std::uint32_t>(reference, 12);
  ++texts_;
  if (address == 0 || address == -1 || length == 0) return {};
  if (length > max_bytes) {
    core::Error error(core::ExitCode::bad_data, "a text is longer than " + std::to_string(max_bytes) + " bytes");
    throw error.remedy("Exclude the column, or shorten its texts");
  }
  const Collection& collection = collection_at(address);
  const auto object = std::lower_bound(collection.objects.begin(), collection.objects.end(), index,
                                       [](const Object& known, std::uint32_t wanted) { return known.index < wanted; });
  if (object == collection.objects.end() || object->index != index) fail("a text that is named is not there");
  if (length > object->bytes) fail("a text is longer than its place");
  const auto* begin = reinterpret_cast<const char*>(collection.bytes.data() + object->place);
  const std::string_view whole(begin, static_cast<std::size_t>(length));
  return std::string(whole.substr(0, whole.find('\0')));
}

const GlobalHeap::Collection& GlobalHeap::collection_at(std::int64_t address) {
  if (!kept_.empty() && kept_.front().address == address) return kept_.front();
  if (const auto known = places_.find(address); known != places_.end()) {
    kept_.splice(kept_.begin(), kept_, known->second);
    return kept_.front();
  }
  Collection loaded = load(address);
  kept_bytes_ += std::ssize(loaded.bytes);
  kept_.push_front(std::move(loaded));
  places_[address] = kept_.begin();
  while (kept_bytes_ > max_kept_bytes && kept_.size() > 1) {
    kept_bytes_ -= std::ssize(kept_.back().bytes);
    places_.erase(kept_.back().address);
    kept_.pop_back();
  }
  return kept_.front();
}

GlobalHeap::Collection GlobalHeap::load(std::int64_t address) {
  Collection collection{address, std::vector<std::byte>(header_bytes), {}};
  if (!file_.is_readable || !file_.read(address, collection.bytes)) fail("a collection lies outside of the file");
  if (std::memcmp(collection.bytes.data(), signature.data(), signature.size()) != 0 ||
      number_at<std::uint8_t>(collection.bytes, 4) != version)
    fail("a collection is not one");
  const auto bytes = number_at<std::int64_t>(collection.bytes, 8);
  if (bytes < header_bytes || bytes > file_.bytes - address) fail("a collection ends outside of the file");
  if (bytes > max_collection_bytes)
    fail("a collection has " + core::with_commas(bytes) + " bytes; 64 MiB are the limit");
  loaded_bytes_ += bytes;
  if (loaded_bytes_ / most_file_reads > file_.bytes && loaded_bytes_ / most_bytes_of_text > texts_)
    fail("its texts are spread so that it would be read again and again");
  collection.bytes.resize(static_cast<std::size_t>(bytes));
  if (!file_.read(address, collection.bytes)) fail("a collection cannot be read");
  for (std::int64_t at = header_bytes; bytes - at >= header_bytes;) {
    const std::uint32_t index = number_at<std::uint16_t>(collection.bytes, at);
    const auto object_bytes = number_at<std::int64_t>(collection.bytes, at + 8);
    if (index == 0) break;  // free space, to the end
    at += header_bytes;
    if (object_bytes < 0 || object_bytes > bytes - at) fail("a text ends outside of its collection");
    collection.objects.push_back({index, at, object_bytes});
    at = std::min(at + padded(object_bytes), bytes);
  }
  std::ranges::sort(collection.objects, {}, &Object::index);
  if (std::ranges::adjacent_find(collection.objects, {}, &Object::index) != collection.objects.end())
    fail("two texts have one number");
  return collection;
}

}  // namespace cardseg::io
