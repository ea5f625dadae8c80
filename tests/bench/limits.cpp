#include "bench/limits.hpp"

#include <omp.h>

#include <algorithm>
#include <chrono>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bench/limits.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cardseg::bench::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

float Sum(const float* values, int64_t count) {
  const hn::ScalableTag<float> tag;
  const auto lanes = static_cast<int64_t>(hn::Lanes(tag));
  auto a = hn::Zero(tag);
  auto b = a;
  auto c = a;
  auto d = a;
  int64_t i = 0;
  for (; i + 4 * lanes <= count; i += 4 * lanes) {
    a = hn::Add(a, hn::LoadU(tag, values + i));
    b = hn::Add(b, hn::LoadU(tag, values + i + lanes));
    c = hn::Add(c, hn::LoadU(tag, values + i + 2 * lanes));
    d = hn::Add(d, hn::LoadU(tag, values + i + 3 * lanes));
  }
  return hn::GetLane(hn::SumOfLanes(tag, hn::Add(hn::Add(a, b), hn::Add(c, d))));
}

constexpr int chains = 12;

// chains independent sums, `steps` fmas each; returns the flops.
double Multiply(int64_t steps, float* sink) {
  const hn::ScalableTag<float> tag;
  decltype(hn::Zero(tag)) sums[chains];
  for (int c = 0; c < chains; ++c) sums[c] = hn::Set(tag, static_cast<float>(c));
  const auto x = hn::Set(tag, *sink);
  for (int64_t i = 0; i < steps; ++i)
    for (int c = 0; c < chains; ++c) sums[c] = hn::MulAdd(sums[c], x, x);
  for (int c = 1; c < chains; ++c) sums[0] = hn::Add(sums[0], sums[c]);
  *sink = hn::GetLane(hn::SumOfLanes(tag, sums[0]));
  return 2.0 * chains * static_cast<double>(hn::Lanes(tag)) * static_cast<double>(steps);
}

}  // namespace cardseg::bench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cardseg::bench {
namespace {

HWY_EXPORT(Sum);
HWY_EXPORT(Multiply);

double now_s() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

volatile float result_sink;

}  // namespace

double time_streaming_read(const float* values, std::int64_t count, int repeat) {
  double least = 1e300;
  for (int r = 0; r < repeat; ++r) {
    const double start = now_s();
    float sum = 0.0f;
#pragma omp parallel reduction(+ : sum)
    {
      const std::int64_t part = count / omp_get_num_threads();
      sum += HWY_DYNAMIC_DISPATCH(Sum)(values + part * omp_get_thread_num(), part);
    }
    result_sink = sum;
    least = std::min(least, now_s() - start);
  }
  return least;
}

double measure_fma_peak(int repeat) {
  double most = 0.0;
  for (int r = 0; r < repeat; ++r) {
    const double start = now_s();
    double flops = 0.0;
#pragma omp parallel reduction(+ : flops)
    {
      float sink = 0.5f;
      flops += HWY_DYNAMIC_DISPATCH(Multiply)(4'000'000, &sink);
      result_sink = sink;
    }
    most = std::max(most, flops / (now_s() - start));
  }
  return most;
}

}  // namespace cardseg::bench
#endif
