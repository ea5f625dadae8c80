// segments.csv and centroids.csv: what analysts open first.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/io/csv_table.hpp"
#include "cardseg/profile/profile.hpp"
#include "cardseg/segments/model.hpp"
#include "cardseg/segments/value_totals.hpp"

namespace cardseg::segments {

/// What else is known of segments: a column of segments.csv.
struct SegmentColumn {
  std::string name;
  std::vector<io::CsvValue> by_segment;  ///< nothing where it is withheld or not known
};

/// CSV with a header, one line a segment: segment, name, customers, share, inertia, rms_distance, `others`, and for
/// each value column total_<column> and share_<column>. Numbers have up to 17 digits and read back exactly. What
/// `published` withholds is empty; a value column that is not in it is published.
std::string segments_csv(const Model& model, const std::vector<ValueTotals>& values, const profile::Profile& published,
                         const std::vector<SegmentColumn>& others = {});

/// CSV with a header, one line for each segment and feature: segment, column, scaled, original, transform. The numbers
/// are empty where they would tell what `published` withholds: of withheld segments; means and shares of missing values
/// of numbers; shares of levels. A column that is not in it is published.
std::string centroids_csv(const Model& model, const profile::Profile& published);

/// Pure. Whether centroids_csv leaves out this number: segment and feature from 0.
bool is_coordinate_withheld(const Model& model, const profile::Profile& published, int segment, int feature);

/// Centroids in feature space from a file with the columns of `centroids_csv`, in any order; where `scaled` is absent
/// or empty, `original` is encoded. Segments are 1..k. Throws core::Error(bad_data) naming file and line: a column that
/// is no feature, a value that is no number, a segment without one of its features, a number of segments other than
/// `segments`.
cluster::Centroids read_centroids_csv(const std::filesystem::path& path,
                                      const std::vector<portfolio::FittedColumn>& columns, int segments);

/// The same from a model (model.json), which has all of them, or such a file. Throws what read_model() throws, too.
cluster::Centroids read_centroids(const std::filesystem::path& path,
                                  const std::vector<portfolio::FittedColumn>& columns, int segments);

}  // namespace cardseg::segments
