// The kernel of tile_bounds.hpp, compiled for every instruction set that Highway dispatches to.
#include <algorithm>

#include "cluster/tile_bounds.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cluster/bound_kernels.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

#include "cluster/doubles_inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace cardseg::cluster::HWY_NAMESPACE {

// gaps: [tile][group], read up to a vector beyond; segments: [tile]; own_paths: [segment + 1]; group_paths: padded to
// vectors
void FindOpenGroups(const float* gaps, const int32_t* segments, const float* own_paths, const float* group_paths,
                    size_t groups, uint64_t* open, size_t tiles) {
  const hn::CappedTag<float, tile_rows> tag;
  const uint64_t all = ~uint64_t{0} >> (64 - groups);
  const auto above = hn::Set(tag, TileBounds::path_above);
  for (size_t t = 0; t < tiles; ++t, gaps += groups) {
    const auto own = hn::Set(tag, own_paths[segments[t] + 1]);
    uint64_t bits = 0;
    for (size_t g = 0; g < groups; g += hn::Lanes(tag)) {
      const auto lost = hn::Mul(hn::Add(own, hn::LoadU(tag, group_paths + g)), above);
      bits |= bits_of(tag, hn::Not(hn::Gt(hn::LoadU(tag, gaps + g), lost))) << g;
    }
    open[t] = bits & all;
  }
}

}  // namespace cardseg::cluster::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cardseg::cluster {

HWY_EXPORT(FindOpenGroups);

void TileBounds::find_open_groups(std::int64_t first, const Movement& movement, std::span<std::uint64_t> open) const {
  float group_paths[most_groups + read_beyond] = {};
  std::ranges::copy(movement.group_paths(), group_paths);
  HWY_DYNAMIC_DISPATCH(FindOpenGroups)
  (gaps_.data() + static_cast<std::size_t>(first) * groups_, segment_.data() + first, movement.paths().data(),
   group_paths, groups_, open.data(), open.size());
}

}  // namespace cardseg::cluster
#endif
