#include "cluster/state_key.hpp"

#include "cardseg/core/mix_bits.hpp"

namespace cardseg::cluster {
namespace {

// Of zero bits another number, too.
std::uint64_t mix(std::uint64_t x) { return core::mix_bits(x + 0x9e3779b97f4a7c15u); }

}  // namespace

std::uint64_t state_key(const SegmentSums& global_sums) {
  std::uint64_t key = 0;  // a sum over segments: their order does not matter
  for (int j = 0; j < global_sums.segments; ++j) {
    std::uint64_t segment = mix(static_cast<std::uint64_t>(global_sums.customers[static_cast<std::size_t>(j)]));
    for (int f = 0; f < global_sums.features; ++f) {
      const auto sum =
          static_cast<core::uint128>(global_sums.sums[static_cast<std::size_t>(j * global_sums.features + f)]);
      segment = mix(segment ^ static_cast<std::uint64_t>(sum));
      segment = mix(segment ^ static_cast<std::uint64_t>(sum >> 64));
    }
    key += segment;
  }
  return key;
}

}  // namespace cardseg::cluster
