#include "cardseg/run/result_config.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cardseg/io/atomic_file.hpp"

namespace cardseg::run {

std::string digest_if_named(const std::string& path) { return path.empty() ? "" : io::sha256_of_file(path); }

ResultConfig result_config(const cli::InputOptions& input, const cli::FeatureOptions& features,
                           const cluster::FitOptions& fit, const ResultConfig& further) {
  ResultConfig config = {{"columns", input.columns},
                         {"description_sha256", digest_if_named(features.description)},
                         {"exclude", features.exclude},
                         {"id", features.id},
                         {"max-iterations", std::to_string(fit.max_iterations)},
                         {"missing", name_of(features.defaults.missing)},
                         {"precision", name_of(features.precision)},
                         {"restarts", std::to_string(fit.restarts)},
                         {"scale", name_of(features.defaults.scale)},
                         {"seed", std::to_string(fit.seed)},
                         {"seeding", name_of(fit.seeding)},
                         {"seeding-rounds", std::to_string(fit.seeding_rounds)},
                         {"stop-losers", fmt::format("{}", fit.stop_losers)},
                         {"tolerance", fmt::format("{}", fit.tolerance)},
                         {"transform", name_of(features.defaults.transform)}};
  config.insert(config.end(), further.begin(), further.end());
  std::ranges::sort(config);
  return config;
}

}  // namespace cardseg::run
