// Kernels on data in the first-level cache (Google Benchmark). of_peak: useful flops (2 k d a customer) over this
// machine's fused multiply-add peak, measured in the same run.
//
//   OMP_NUM_THREADS=1 kernels_bench --benchmark_filter=Products
#include <benchmark/benchmark.h>

#include <random>

#include "bench/limits.hpp"
#include "cardseg/cluster/nearest.hpp"
#include "cardseg/cluster/screen.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"

namespace {

using cardseg::cluster::Centroids;
using cardseg::cluster::ScreenDetail;
using Matrix = cardseg::portfolio::FeatureMatrix<float>;

// 64 customers and k centroids of d features.
struct Scene {
  Matrix matrix;
  Centroids centroids;
  std::vector<std::int32_t> all;

  Scene(int k, int d) : matrix({0, 64}, d), centroids(k, d) {
    std::mt19937 random(1);
    std::normal_distribution<double> normal;
    for (int i = 0; i < 64; ++i)
      for (int f = 0; f < d; ++f) matrix.at(i, f) = static_cast<float>(normal(random));
    for (double& value : centroids.values) value = normal(random);
    for (int j = 0; j < k; ++j) all.push_back(j);
  }
};

void report(benchmark::State& state, double flops) {
  static const double peak = cardseg::bench::measure_fma_peak(5);
  const double done = flops * static_cast<double>(state.iterations());
  state.counters["of_peak"] = benchmark::Counter(done / peak, benchmark::Counter::kIsRate);
}

void screen(benchmark::State& state, cardseg::cluster::ScreenForm form, ScreenDetail detail) {
  const auto k = static_cast<int>(state.range(0));
  const auto d = static_cast<int>(state.range(1));
  const Scene scene(k, d);
  const auto screened = make_screen(scene.centroids, form);
  cardseg::cluster::ScreenTask task;
  for (int i = 0; i < 4; ++i) task.tiles[i] = task.next[i] = scene.matrix.tile(i);
  task.candidates = scene.all.data();
  task.count = k;
  Matrix scores({0, 64}, k);
  task.scores = scores.tile(0);
  std::vector<float> gaps(static_cast<std::size_t>(4 * k));
  cardseg::cluster::ScreenAnswer answer;
  for (auto _ : state) {
    cardseg::cluster::screen(screened, task, detail, answer, gaps.data());
    benchmark::DoNotOptimize(answer);
  }
  report(state, 2.0 * 64 * k * d);
}

void Products(benchmark::State& state) { screen(state, cardseg::cluster::ScreenForm::products, ScreenDetail::none); }
void ProductsWithGaps(benchmark::State& state) {
  screen(state, cardseg::cluster::ScreenForm::products, ScreenDetail::gaps);
}
void Differences(benchmark::State& state) {
  screen(state, cardseg::cluster::ScreenForm::differences, ScreenDetail::none);
}

void Definition(benchmark::State& state) {
  const Scene scene(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  cardseg::cluster::NearestTile answer;
  for (auto _ : state)
    for (int i = 0; i < 4; ++i) {
      find_nearest(scene.matrix.tile(i), scene.centroids, answer);
      benchmark::DoNotOptimize(answer);
    }
  report(state, 2.0 * 64 * static_cast<double>(state.range(0) * state.range(1)));
}

void shapes(benchmark::internal::Benchmark* bench) {
  for (const auto& [k, d] : {std::pair{8, 10}, {16, 20}, {32, 100}, {64, 50}, {5, 7}}) bench->Args({k, d});
}

BENCHMARK(Products)->Apply(shapes);
BENCHMARK(ProductsWithGaps)->Apply(shapes);
BENCHMARK(Differences)->Apply(shapes);
BENCHMARK(Definition)->Apply(shapes);

}  // namespace

BENCHMARK_MAIN();
