// The options that shape a result, as the manifest of a run records them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cardseg/cli/describe.hpp"
#include "cardseg/cluster/options.hpp"

namespace cardseg::run {

using ResultConfig = std::vector<std::pair<std::string, std::string>>;

/// SHA-256 of a file that an option names; empty where it names none. Throws core::Error like io::sha256_of_file.
std::string digest_if_named(const std::string& path);

/// Local. What shapes features and fits, and `further`, sorted by name; files by their digests. Not the number of
/// segments: jobs say it in their own ways. Throws core::Error where a file cannot be read.
ResultConfig result_config(const cli::InputOptions& input, const cli::FeatureOptions& features,
                           const cluster::FitOptions& fit, const ResultConfig& further);

}  // namespace cardseg::run
