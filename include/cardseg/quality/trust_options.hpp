// What a user chooses about how far segments are tested.
#pragma once

#include "cardseg/core/enum_names.hpp"
#include "cardseg/core/option.hpp"

namespace cardseg::quality {

/// Whether segments are found again in resamples, beside what chance would find again (stability.hpp). off: not
/// tested; fast: at the smallest size that is enough, of up to 10,000 customers; full: at every size up to 100,000.
enum class Trust { off, fast, full };

inline constexpr core::EnumNames<Trust> trust_names = {"off", "fast", "full"};
inline const char* name_of(Trust trust) { return trust_names[trust]; }

struct TrustOptions {
  Trust trust = Trust::fast;
};

core::OptionTable describe(TrustOptions& options);

}  // namespace cardseg::quality
