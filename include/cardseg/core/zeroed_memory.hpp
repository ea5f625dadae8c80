// Large arrays in huge pages, where the system has them.
#pragma once

#include <cstddef>

namespace cardseg::core {

/// Bytes that are 0, aligned to 64 at least. From 4 MiB on they come straight from the system, which is asked for huge
/// pages: a hundredth of the page faults, and fewer misses of the address cache for who writes at a stride. Their pages
/// are not there yet: each belongs to the thread that touches it first. Smaller ones are of the heap, and touched.
class ZeroedMemory {
 public:
  ZeroedMemory() = default;
  /// Throws std::bad_alloc.
  explicit ZeroedMemory(std::size_t bytes);
  ~ZeroedMemory() { reset(); }
  ZeroedMemory(ZeroedMemory&& other) noexcept;
  ZeroedMemory& operator=(ZeroedMemory&& other) noexcept;
  ZeroedMemory(const ZeroedMemory&) = delete;
  ZeroedMemory& operator=(const ZeroedMemory&) = delete;

  void* data() const { return data_; }
  std::size_t bytes() const { return bytes_; }

 private:
  void reset();

  void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace cardseg::core
