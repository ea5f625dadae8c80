// What a user chooses about a study of the number of segments.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/cluster/options.hpp"

namespace cardseg::quality {

struct StudyOptions {
  /// Numbers of segments as parse_segment_list reads them.
  std::string segments = "2..12";
  /// Of every fit; its own number of segments and its file of centroids are not used.
  cluster::FitOptions fit = {};
  /// Customers of the sampled silhouette, 0 (none) to 100,000: time grows with their square.
  std::int64_t silhouette_sample = 10000;
};

core::OptionTable describe(StudyOptions& options);

/// Throws core::Error(usage) naming the field, the value and the range.
void validate(const StudyOptions& options);

/// Pure. The options of each fit, the fewest segments first. Throws like parse_segment_list.
std::vector<cluster::FitOptions> fit_options(const StudyOptions& options);

/// Pure. How many restarts all fits have.
int fit_count(const StudyOptions& options);

/// Pure. Bytes that the sample of a portfolio with `rows` customers takes on each rank, at most.
std::int64_t sample_bytes(const StudyOptions& options, std::int64_t rows, int features);

}  // namespace cardseg::quality
