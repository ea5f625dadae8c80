// Buckets of values in their order, of about equal relative width: where a value lies takes a shift, no search.
#pragma once

#include <cstdint>

#include "cardseg/core/ordered_bits.hpp"

namespace cardseg::profile {

/// The ends of the values of a column on both sides of 0; infinities where there are none.
struct ValueEnds {
  double min = 0.0;
  double max_negative = 0.0;
  double min_positive = 0.0;
  double max = 0.0;
};

/// Negative values, 0 and positive values have buckets of their own; a bucket holds the values that share the leading
/// bits of their distance, as keys (core::ordered_bits), from the least one of their sign.
class ValueBuckets {
 public:
  /// At most `most` buckets, 8 or more.
  ValueBuckets(const ValueEnds& ends, std::int64_t most);

  std::int64_t size() const { return size_; }
  /// Precondition: the key of a value between the ends.
  std::int64_t of(std::uint64_t key) const {
    const bool is_positive = key > zero_key;
    const std::uint64_t low = is_positive ? positive_low_ : negative_low_;
    const std::int64_t first = is_positive ? positive_first_ : 0;
    const std::int64_t bucket = first + static_cast<std::int64_t>((key - low) >> shift_);
    return key == zero_key ? positive_first_ - 1 : bucket;
  }
  /// The least key that may lie in a bucket, and the largest.
  std::uint64_t low(std::int64_t bucket) const;
  std::uint64_t high(std::int64_t bucket) const;

 private:
  static constexpr std::uint64_t zero_key = std::uint64_t{1} << 63;

  std::uint64_t negative_low_ = 0;
  std::uint64_t positive_low_ = 0;
  std::int64_t positive_first_ = 1;
  std::int64_t size_ = 1;
  int shift_ = 0;
};

}  // namespace cardseg::profile
