// What this machine can do at most: the limits that kernels are measured against.
#pragma once

#include <cstdint>

namespace cardseg::bench {

/// Seconds to read `bytes` once with all OpenMP threads: the least of `repeat` times.
double time_streaming_read(const float* values, std::int64_t count, int repeat);

/// Flops a second of float32 fused multiply-adds from registers, all OpenMP threads: the most of `repeat` times.
double measure_fma_peak(int repeat);

}  // namespace cardseg::bench
