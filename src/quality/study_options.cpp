#include "cardseg/quality/study_options.hpp"

#include <algorithm>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/quality/segment_list.hpp"

namespace cardseg::quality {

core::OptionTable describe(StudyOptions& o) {
  using core::Shapes;
  core::OptionTable fit = core::without(cluster::describe(o.fit), {"segments", "centroids"});
  fit.at("seeding").help =
      "first centroids: refined (greedy k-means++, iterations and moves on a sample, or on all of few customers), "
      "k-means++, 'k-means||' (few passes, for many segments), greedy (better, slower), random or first (the first K "
      "rows)";
  const core::OptionTable own = {
      "",
      {core::text(o.segments, [](const std::string& text) { parse_segment_list(text); },
                  {"segments,k", "LIST", Shapes::result,
                   "numbers of segments: one, a range or a list, for example 5, 2..12 or 2,4,8..10"}),
       core::number(o.silhouette_sample, {0, 100000},
                    {"silhouette-sample", "N", Shapes::result,
                     "customers whose pairwise distances give the sampled silhouette; 0: none"})}};
  return core::merged("Study", {own, fit});
}

void validate(const StudyOptions& options) {
  StudyOptions checked = options;
  core::validate(describe(checked));
  parse_segment_list(options.segments);  // an empty one, too
  if (options.fit.seeding == cluster::Seeding::file)
    throw core::Error(core::ExitCode::usage,
                      core::field("seeding") + " cannot be file: its centroids have one number of segments")
        .remedy("Use refined, k-means++, k-means||, greedy, random or first; cardseg fit takes a file");
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
