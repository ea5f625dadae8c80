#include "cardseg/cluster/vector_width.hpp"

#include <hwy/targets.h>

#include <array>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/name_list.hpp"

namespace cardseg::cluster {
namespace {

struct Width {
  const char* name;
  std::int64_t disabled;  // targets above this width
  std::int64_t needed;    // one of these must be there
};

// Lower bits are better targets in Highway, those of later versions included.
#if HWY_ARCH_X86
constexpr std::int64_t above_avx2 = HWY_AVX2 - 1;
constexpr std::int64_t above_sse4 = HWY_SSE4 - 1;
constexpr std::int64_t above_emu128 = HWY_EMU128 - 1;
constexpr std::array widths = {Width{"avx512", 0, above_avx2}, Width{"avx2", above_avx2, HWY_AVX2},
                               Width{"sse4", above_sse4, HWY_SSE4},
                               Width{"emu128", above_emu128, HWY_EMU128 | HWY_SCALAR}};
#else
constexpr std::array<Width, 0> widths = {};
#endif

std::int64_t disabled_now = 0;

void disable(std::int64_t targets) {
  disabled_now = targets;
  hwy::DisableTargets(targets);
}

// What could be used, whatever is in use.
std::int64_t all_targets() {
  hwy::DisableTargets(0);
  const std::int64_t all = hwy::SupportedTargets();
  hwy::DisableTargets(disabled_now);
  return all;
}

}  // namespace

std::vector<std::string> vector_widths() {
  std::vector<std::string> names = {"auto"};
  const std::int64_t available = all_targets();
  for (const Width& width : widths)
    if (available & width.needed) names.emplace_back(width.name);
  return names;
}

void choose_vector_width(const std::string& name) {
  const std::int64_t available = all_targets();
  std::int64_t disabled = -1;
  if (name == "auto") disabled = 0;
  for (const Width& width : widths)
    if (name == width.name && (available & width.needed)) disabled = width.disabled;
  if (disabled < 0) {
    core::Error error(core::ExitCode::usage, core::field("simd") + " cannot be '" + name + "' on this processor");
    throw error.remedy("It is " + core::any_of(vector_widths()));
  }
  disable(disabled);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

std::string vector_width_in_use() {
  const std::int64_t targets = hwy::SupportedTargets();
  return hwy::TargetName(targets & -targets);
}

}  // namespace cardseg::cluster
