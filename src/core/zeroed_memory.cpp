#include "cardseg/core/zeroed_memory.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace cardseg::core {
namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;
constexpr std::size_t page = 4096;
constexpr std::size_t least_mapped = 2 * huge_page;

constexpr std::size_t rounded_up(std::size_t value, std::size_t unit) { return (value + unit - 1) / unit * unit; }

void* heap_memory(std::size_t bytes) {
  const std::size_t whole = rounded_up(bytes, 64);
  void* memory = std::aligned_alloc(64, whole);
  if (!memory) throw std::bad_alloc();
  return std::memset(memory, 0, whole);
}

// Begins with a huge page: what lies around it is given back. A system without huge pages gives others.
void* mapped_memory(std::size_t bytes) {
  const std::size_t whole = rounded_up(bytes, page);
  const std::size_t room = whole + huge_page;
  void* mapped = ::mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  auto* first = static_cast<char*>(mapped);
  const auto address = reinterpret_cast<std::uintptr_t>(first);
  const std::size_t before = rounded_up(address, huge_page) - address;
  if (before > 0) ::munmap(first, before);
  if (before < huge_page) ::munmap(first + before + whole, huge_page - before);
  ::madvise(first + before, whole, MADV_HUGEPAGE);
  return first + before;
}

}  // namespace

ZeroedMemory::ZeroedMemory(std::size_t bytes) : bytes_(bytes) {
  if (bytes > 0) data_ = bytes < least_mapped ? heap_memory(bytes) : mapped_memory(bytes);
}

ZeroedMemory::ZeroedMemory(ZeroedMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

ZeroedMemory& ZeroedMemory::operator=(ZeroedMemory&& other) noexcept {
  if (this == &other) return *this;
  reset();
  data_ = std::exchange(other.data_, nullptr);
  bytes_ = std::exchange(other.bytes_, 0);
  return *this;
}

void ZeroedMemory::reset() {
  if (bytes_ >= least_mapped)
    ::munmap(data_, rounded_up(bytes_, page));
  else
    std::free(data_);
  data_ = nullptr;
  bytes_ = 0;
}

}  // namespace cardseg::core
