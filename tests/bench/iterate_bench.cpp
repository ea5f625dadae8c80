// Time per k-means iteration on rows in memory, beside this machine's limits. Prints JSON.
//
//   iterate_bench rows.f32 CUSTOMERS FEATURES SEGMENTS ITERATIONS REPEAT float32|double ALGORITHM...
//
// rows.f32 holds CUSTOMERS x FEATURES float32 values, row-major. Fits start from the first SEGMENTS rows. Threads as
// OMP_NUM_THREADS says. Times are per iteration, medians of REPEAT fits; algorithms take turns.
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "bench/limits.hpp"
#include "cardseg/cluster/fit.hpp"
#include "cardseg/cluster/vector_width.hpp"

namespace {

using cardseg::cluster::FitOptions;
using cardseg::cluster::FitResult;
using cardseg::portfolio::FeatureMatrix;
using json = nlohmann::ordered_json;

class Silence : public cardseg::core::Events {
 public:
  explicit Silence(bool is_loud) : is_loud_(is_loud) {}
  void progress(std::string_view, std::int64_t, std::int64_t, std::string_view detail,
                std::span<const cardseg::core::Fact>) override {
    if (is_loud_) std::cerr << seconds() << ' ' << detail << '\n';
  }
  void info(std::string_view) override {}
  void warning(std::string_view) override {}

 private:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }
  bool is_loud_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

template <class T>
FeatureMatrix<T> read_matrix(const char* path, std::int64_t customers, int features) {
  std::ifstream file(path, std::ios::binary);
  std::vector<float> row(static_cast<std::size_t>(features));
  FeatureMatrix<T> matrix({0, customers}, features);
  for (std::int64_t i = 0; i < customers; ++i) {
    file.read(reinterpret_cast<char*>(row.data()), static_cast<std::streamsize>(row.size() * sizeof(float)));
    if (!file) throw std::runtime_error("rows are missing in the file");
    for (int f = 0; f < features; ++f) matrix.at(i, f) = row[static_cast<std::size_t>(f)];
  }
  return matrix;
}

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

template <class T>
json measure(char** words, int count) {
  const std::int64_t customers = std::stoll(words[2]);
  const int features = std::stoi(words[3]);
  FitOptions options;
  options.segments = std::stoi(words[4]);
  options.seeding = cardseg::cluster::Seeding::first;
  options.restarts = 1;
  options.improve = cardseg::cluster::Improve::off;
  options.max_iterations = std::stoi(words[5]);
  const int repeat = std::stoi(words[6]);
  FeatureMatrix<T> matrix = read_matrix<T>(words[1], customers, features);
  std::map<std::string, std::vector<double>> ms;
  json fits = json::object();
  std::vector<double> reads;
  std::vector<double> peaks;
  for (int r = 0; r < repeat; ++r) {
    const auto values = static_cast<std::int64_t>(sizeof(T) / sizeof(float)) * customers * features;
    reads.push_back(cardseg::bench::time_streaming_read(reinterpret_cast<const float*>(matrix.tile(0)), values, 3));
    peaks.push_back(cardseg::bench::measure_fma_peak(1));
    for (int w = 8; w < count; ++w) {
      Silence events(std::getenv("LOUD") != nullptr);
      options.algorithm = cardseg::cluster::algorithm_names.named(words[w], "algorithm");
      cardseg::cluster::FitTimes times;
      const FitResult fitted = cardseg::cluster::fit({}, matrix, options, events, {.times = &times});
      const int iterations = fitted.restarts.front().iterations;
      ms[words[w]].push_back(1000 * times.iteration_s / iterations);
      fits[words[w]] = {{"ms_per_iteration", median(ms[words[w]])},
                        {"iterations", iterations},
                        {"inertia", fitted.restarts.front().inertia},
                        {"unsettled_share", cardseg::cluster::unsettled_share({&fitted, 1})},
                        {"distance_share", static_cast<double>(fitted.best().distances) /
                                               (static_cast<double>(fitted.assigned()) * options.segments)}};
    }
  }
  const double read_ms = 1000 * median(reads);
  const double flops_ms = 2000.0 * static_cast<double>(customers) * options.segments * features / median(peaks);
  for (auto& [name, fit] : fits.items()) {
    const double per_iteration = fit["ms_per_iteration"];
    fit["of_read"] = per_iteration / read_ms;
    fit["of_limit"] = per_iteration / std::max(read_ms, flops_ms);
  }
  return {{"customers", customers},
          {"features", features},
          {"segments", options.segments},
          {"threads", omp_get_max_threads()},
          {"vector_width", cardseg::cluster::vector_width_in_use()},
          {"read_ms", read_ms},
          {"read_GB_per_s", static_cast<double>(sizeof(T)) * static_cast<double>(customers * features) / read_ms / 1e6},
          {"fma_peak_Gflop_per_s", median(peaks) / 1e9},
          {"flops_at_peak_ms", flops_ms},
          {"fits", fits}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 9) {
    std::cerr
        << "usage: iterate_bench rows.f32 CUSTOMERS FEATURES SEGMENTS ITERATIONS REPEAT float32|double ALGORITHM...\n";
    return 64;
  }
  try {
    const json result = std::string(argv[7]) == "double" ? measure<double>(argv, argc) : measure<float>(argv, argc);
    std::cout << result.dump(1) << '\n';
  } catch (const std::exception& error) {
    std::cerr << "iterate_bench: " << error.what() << '\n';
    return 70;
  }
}
