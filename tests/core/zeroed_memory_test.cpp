#include "cardseg/core/zeroed_memory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

namespace cardseg::core {
namespace {

const unsigned char* bytes_of(const ZeroedMemory& memory) { return static_cast<const unsigned char*>(memory.data()); }

TEST(ZeroedMemory, IsZeroAndAlignedAtEverySize) {
  for (const std::size_t bytes : {std::size_t{1}, std::size_t{4096}, (std::size_t{4} << 20) - 1, std::size_t{4} << 20,
                                  (std::size_t{4} << 20) + 1, std::size_t{9} << 20}) {
    const ZeroedMemory memory(bytes);

    EXPECT_EQ(memory.bytes(), bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory.data()) % 64, 0U) << bytes;
    EXPECT_TRUE(std::all_of(bytes_of(memory), bytes_of(memory) + bytes, [](unsigned char b) { return b == 0; }))
        << bytes;
  }
}

TEST(ZeroedMemory, HasNothingWhereNothingIsAskedFor) {
  EXPECT_EQ(ZeroedMemory().data(), nullptr);
  EXPECT_EQ(ZeroedMemory(0).data(), nullptr);
}

TEST(ZeroedMemory, MovesWithoutCopying) {
  for (const std::size_t bytes : {std::size_t{100}, std::size_t{5} << 20}) {
    ZeroedMemory first(bytes);
    static_cast<unsigned char*>(first.data())[bytes - 1] = 7;
    const void* place = first.data();

    ZeroedMemory second(50);
    second = std::move(first);

    EXPECT_EQ(second.data(), place);
    EXPECT_EQ(bytes_of(second)[bytes - 1], 7);
    EXPECT_EQ(first.data(), nullptr);
  }
}

TEST(ZeroedMemory, RefusesWhatNoMachineHas) { EXPECT_THROW(ZeroedMemory(std::size_t{1} << 60), std::bad_alloc); }

}  // namespace
}  // namespace cardseg::core
