#include "cardseg/quality/study_options.hpp"

#include <algorithm>

#include "cardseg/core/check_range.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/quality/segment_list.hpp"

namespace cardseg::quality {
namespace {

constexpr double largest_sample = 100000;

}  // namespace

void validate(const StudyOptions& options) {
  for (const cluster::FitOptions& each : fit_options(options)) cluster::validate(each);
  if (options.fit.seeding == cluster::Seeding::file)
    throw core::Error(core::ExitCode::usage, "--seeding cannot be file: its centroids have one number of segments")
        .remedy("Use refined, k-means++, k-means||, greedy, random or first; cardseg fit takes a file");
  core::check_range("--silhouette-sample", static_cast<double>(options.silhouette_sample), 0, largest_sample);
}

std::vector<cluster::FitOptions> fit_options(const StudyOptions& options) {
  std::vector<cluster::FitOptions> all;
  for (int segments : parse_segment_list(options.segments)) {
    all.push_back(options.fit);
    all.back().segments = segments;
  }
  return all;
}

int fit_count(const StudyOptions& options) {
  return static_cast<int>(fit_options(options).size()) * options.fit.restarts;
}

std::int64_t sample_bytes(const StudyOptions& options, std::int64_t rows, int features) {
  const auto models = static_cast<std::int64_t>(fit_options(options).size());
  const std::int64_t customer = 8 * std::int64_t{features} + 4 * models + 64;  // features, labels, draws, distances
  return std::min(options.silhouette_sample, rows) * customer;
}

}  // namespace cardseg::quality
