// Texts of variable length, read from the heap that HDF5 keeps them in; HDF5 itself trusts what a heap says of itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "io/file_bytes.hpp"

namespace cardseg::io {

/// The global heap of an open file: "HDF5 File Format Specification", III.E. A reference to a text has its length (4
/// bytes), the address of a collection (8) and an index of an object in it (4). Every address, size, length and index
/// is checked before it is used. Local; for one thread; the file stays open meanwhile.
///
/// Memory: 16 MiB, or one collection where it is larger. Cost: a file whose texts are spread so that the same
/// collections are read again and again is refused, as damaged, after 16 times its bytes and 64 KiB a text.
class GlobalHeap {
 public:
  static constexpr std::size_t reference_bytes = 16;

  explicit GlobalHeap(const FileBytes& file) : file_(file) {}

  /// The text that a reference names, up to its first NUL; empty for a null reference. Throws core::Error: bad_data
  /// where it has more than `max_bytes`; internal, with the reason, where the heap is damaged.
  std::string text(std::span<const std::byte, reference_bytes> reference, std::int64_t max_bytes);

 private:
  struct Object {
    std::uint32_t index;
    std::int64_t place;  // of its first byte in the collection
    std::int64_t bytes;
  };
  struct Collection {
    std::int64_t address = 0;
    std::vector<std::byte> bytes;
    std::vector<Object> objects;  // by their indices
  };

  const Collection& collection_at(std::int64_t address);
  Collection load(std::int64_t address);

  FileBytes file_;
  std::list<Collection> kept_;  // the last used first
  std::unordered_map<std::int64_t, std::list<Collection>::iterator> places_;
  std::int64_t kept_bytes_ = 0;
  std::int64_t loaded_bytes_ = 0;
  std::int64_t texts_ = 0;
};

}  // namespace cardseg::io
