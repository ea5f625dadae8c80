#include "profile/value_buckets.hpp"

#include <cmath>

namespace cardseg::profile {

ValueBuckets::ValueBuckets(const ValueEnds& ends, std::int64_t most) {
  const bool has_negative = std::isfinite(ends.max_negative);
  const bool has_positive = std::isfinite(ends.min_positive);
  std::uint64_t negative_width = 0;
  std::uint64_t positive_width = 0;
  if (has_negative) {
    negative_low_ = core::ordered_bits(ends.min);
    negative_width = core::ordered_bits(ends.max_negative) - negative_low_;
  }
  if (has_positive) {
    positive_low_ = core::ordered_bits(ends.min_positive);
    positive_width = core::ordered_bits(ends.max) - positive_low_;
  }
  const auto buckets_of = [&](bool is_any, std::uint64_t width) {
    return is_any ? static_cast<std::int64_t>(width >> shift_) + 1 : 0;
  };
  // Without a shift a width may not be counted in 63 bits.
  for (shift_ = 2; buckets_of(has_negative, negative_width) + 1 + buckets_of(has_positive, positive_width) > most;)
    ++shift_;
  positive_first_ = buckets_of(has_negative, negative_width) + 1;
  size_ = positive_first_ + buckets_of(has_positive, positive_width);
}

std::uint64_t ValueBuckets::low(std::int64_t bucket) const {
  if (bucket == positive_first_ - 1) return zero_key;
  if (bucket < positive_first_) return negative_low_ + (static_cast<std::uint64_t>(bucket) << shift_);
  return positive_low_ + (static_cast<std::uint64_t>(bucket - positive_first_) << shift_);
}

std::uint64_t ValueBuckets::high(std::int64_t bucket) const {
  if (bucket == positive_first_ - 1) return zero_key;
  return low(bucket) + ((std::uint64_t{1} << shift_) - 1);
}

}  // namespace cardseg::profile
