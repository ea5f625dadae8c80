#include "io/fletcher32.hpp"

#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "io/fletcher32.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

#ifndef CARDSEG_IO_FLETCHER32_LANES
#define CARDSEG_IO_FLETCHER32_LANES
namespace cardseg::io {

constexpr std::size_t lanes = 16;
constexpr std::size_t steps = 128;  // lane sums of sums stay below 2^16 * steps^2 / 2 < 2^32

struct LaneSums {
  std::uint32_t sum[lanes];
  std::uint32_t running[lanes];  // the sum of all sums so far
};

}  // namespace cardseg::io
#endif

HWY_BEFORE_NAMESPACE();
namespace cardseg::io::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Lane j: of words j, j + lanes, ...
void AddLanes(const uint16_t* words, LaneSums& sums) {
  const hn::CappedTag<uint32_t, lanes> tag;
  const hn::Rebind<uint16_t, decltype(tag)> narrow;
  for (size_t j = 0; j < lanes; j += hn::Lanes(tag)) {
    auto sum = hn::Zero(tag);
    auto running = hn::Zero(tag);
    for (size_t k = 0; k < steps; ++k) {
      sum = hn::Add(sum, hn::PromoteTo(tag, hn::LoadU(narrow, words + k * lanes + j)));
      running = hn::Add(running, sum);
    }
    hn::StoreU(sum, tag, sums.sum + j);
    hn::StoreU(running, tag, sums.running + j);
  }
}

}  // namespace cardseg::io::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cardseg::io {

HWY_EXPORT(AddLanes);

namespace {

constexpr std::uint64_t modulus = 65535;

// Both sums so far, modulo 65535 but 0 only where every word was 0.
struct State {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

// x modulo 65535 in [1, 65535], 0 for 0: what repeated folding of the upper bits into the lower ones gives.
std::uint64_t folded(std::uint64_t x) { return x == 0 ? 0 : (x - 1) % modulus + 1; }

// Word k * lanes + j of `count` counts count - (k * lanes + j) times in the second sum, that is
// lanes * (steps - k) - j times: lanes * (sum of the lane's running sums) - j * (the lane's sum).
void add_block(const std::byte* bytes, State& state) {
  LaneSums sums;
  HWY_DYNAMIC_DISPATCH(AddLanes)(reinterpret_cast<const std::uint16_t*>(bytes), sums);
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  for (std::size_t j = 0; j < lanes; ++j) {
    first += sums.sum[j];
    second += lanes * std::uint64_t{sums.running[j]} - j * std::uint64_t{sums.sum[j]};
  }
  state.second = folded(state.second + lanes * steps * state.first + second);
  state.first = folded(state.first + first);
}

void add_word(std::uint16_t word, State& state) {
  state.first = folded(state.first + word);
  state.second = folded(state.second + state.first);
}

}  // namespace

// The sums are of words as this (little-endian) machine reads them; exchanging the bytes of every word multiplies a sum
// by 256 modulo 65535.
std::uint32_t fletcher32(std::span<const std::byte> bytes) {
  constexpr std::size_t block_bytes = 2 * lanes * steps;
  State state;
  std::size_t at = 0;
  for (; at + block_bytes <= bytes.size(); at += block_bytes) add_block(bytes.data() + at, state);
  for (; at + 2 <= bytes.size(); at += 2) {
    std::uint16_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    add_word(word, state);
  }
  if (at < bytes.size()) add_word(std::to_integer<std::uint16_t>(bytes[at]), state);
  return static_cast<std::uint32_t>(folded(256 * state.second) << 16 | folded(256 * state.first));
}

}  // namespace cardseg::io
#endif
