#include "cardseg/plan/calibrate.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>

#include "cardseg/cli/describe.hpp"
#include "cardseg/cluster/assignment.hpp"
#include "cardseg/cluster/fit.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/generate/generator.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/portfolio/customer_ids.hpp"
#include "cardseg/portfolio/load.hpp"
#include "cardseg/segments/label_files.hpp"

namespace cardseg::plan {
namespace {

namespace fs = std::filesystem;
using Matrix = portfolio::FeatureMatrix<float>;

constexpr std::int64_t customers = 400000;  // more than caches hold, less than any node has
constexpr int extra_features = 2;
constexpr const char* id_column = "customer_id";
constexpr int repeats = 3;
constexpr int passes = 6;
constexpr int few_segments = 4;
constexpr int many_segments = 36;

class Scratch {
 public:
  explicit Scratch(fs::path path) : path_(std::move(path)) {}
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

 private:
  fs::path path_;
};

// The least of a few times: what else the machine does only adds.
template <class Step>
double elapsed_s(Step step) {
  double least_s = std::numeric_limits<double>::infinity();
  for (int i = 0; i < repeats; ++i) {
    const auto start = std::chrono::steady_clock::now();
    step();
    least_s = std::min(least_s, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return least_s;
}

io::ShardSet make_portfolio(cli::Context& c, const fs::path& directory) {
  c.console.info("calibrating: making a portfolio");
  generate::GeneratorOptions options;
  options.customers = customers;
  options.extra_features = extra_features;
  options.output_directory = directory;
  generate::generate_portfolio(c.comm, options, c.console);
  return io::ShardSet(c.comm, {directory / "shards"});
}

// As the portfolio's own description prepares them: some with logarithms, some without.
portfolio::Schema described_portfolio(const io::ShardSet& shards, const fs::path& portfolio) {
  cli::FeatureOptions options;
  options.description = (portfolio / "description.ini").string();
  return resolve(options, shards.columns());
}

// Of one pass that compares all with `segments` centroids.
double pass_s(cli::Context& c, Matrix& matrix, int segments, cluster::Centroids& centroids) {
  c.console.info("calibrating: passes with " + std::to_string(segments) + " segments");
  cluster::FitOptions options;
  options.segments = segments;
  options.restarts = 1;
  options.improve = cluster::Improve::off;
  options.max_iterations = passes;
  options.algorithm = cluster::Algorithm::plain;
  double least_s = std::numeric_limits<double>::infinity();
  for (int i = 0; i < repeats; ++i) {
    cluster::FitTimes times;
    cluster::FitResult fitted = cluster::fit(c.comm, matrix, options, c.console, {.times = &times});
    least_s = std::min(least_s, times.iteration_s / fitted.restarts.front().iterations);
    centroids = std::move(fitted.centroids);
  }
  return least_s;
}

}  // namespace

TimeConstants measure_time_constants(cli::Context& c, const fs::path& scratch) {
  const Scratch removed_at_end(scratch);
  const io::ShardSet shards = make_portfolio(c, scratch);
  const portfolio::Schema schema = described_portfolio(shards, scratch);
  const auto threads = static_cast<double>(c.threads);
  const auto bytes = static_cast<double>(shards.bytes());
  const double share = static_cast<double>(schema.most_features()) / static_cast<double>(shards.columns().size());
  TimeConstants constants;
  constants.check_s_per_customer =
      elapsed_s([&] { portfolio::check_unique_ids(c.comm, shards, id_column, c.console); }) /
      static_cast<double>(customers);
  std::optional<portfolio::LoadedPortfolio<float>> loaded;
  constants.load_s_per_byte = threads / (bytes * share) * elapsed_s([&] {
                                loaded.emplace(portfolio::load_portfolio<float>(c.comm, shards, schema, c.console));
                              });
  const auto values = static_cast<double>(customers) * loaded->matrix.features();
  cluster::Centroids centroids;
  const double few_s = pass_s(c, loaded->matrix, few_segments, centroids);
  const double many_s = pass_s(c, loaded->matrix, many_segments, centroids);
  constants.pass_s_per_comparison = std::max(0.0, threads * (many_s - few_s) / values / (many_segments - few_segments));
  constants.pass_s_per_value = std::max(0.0, threads * few_s / values - few_segments * constants.pass_s_per_comparison);
  cluster::Scores scores;
  const double score_s = elapsed_s([&] {
    scores = {};
    cluster::append_scores(loaded->matrix, centroids, scores);
  });
  constants.score_s_per_comparison = threads * score_s / values / many_segments;
  io::make_directory(scratch / "labels");
  constants.write_s_per_customer =
      elapsed_s([&] {
        segments::write_labels(c.comm, shards, {scratch / "labels", {id_column}}, scores, c.console);
      }) /
      static_cast<double>(customers);
  constants.digest_s_per_byte = elapsed_s([&] { shards.sha256(c.comm); }) / bytes;
  return constants;
}

std::string calibrate(cli::Context& context, const std::string& file) {
  const std::string saved = file.empty() ? "cardseg-constants.json" : file;
  const fs::path scratch = fs::temp_directory_path() / fmt::format("cardseg-calibrate-{}", ::getpid());
  const std::string text = to_json(measure_time_constants(context, scratch));
  io::write_file(saved, text);
  return fmt::format("{0}\nsaved    {1}; use it with --constants {1} or CARDSEG_CONSTANTS", text, saved);
}

}  // namespace cardseg::plan
