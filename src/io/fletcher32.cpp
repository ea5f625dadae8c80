#include "io/fletcher32.hpp"

#include <cstring>

namespace cardseg::io {
namespace {

constexpr std::size_t lanes = 16;
constexpr std::size_t steps = 128;  // lane sums of sums stay below 2^16 * steps^2 / 2 < 2^32
constexpr std::uint64_t modulus = 65535;

typedef std::uint16_t Words __attribute__((vector_size(2 * lanes)));
typedef std::uint32_t Sums __attribute__((vector_size(4 * lanes)));

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
  Sums sum{};
  Sums running{};
  for (std::size_t k = 0; k < steps; ++k) {
    Words words;
    std::memcpy(&words, bytes + k * sizeof words, sizeof words);
    sum += __builtin_convertvector(words, Sums);
    running += sum;
  }
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  for (std::size_t j = 0; j < lanes; ++j) {
    first += sum[j];
    second += lanes * std::uint64_t{running[j]} - j * std::uint64_t{sum[j]};
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
