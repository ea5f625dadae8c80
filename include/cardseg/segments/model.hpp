// Everything that is needed to score a customer, and how it was found: model.json.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/cluster/centroids.hpp"
#include "cardseg/cluster/inertia_bound.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/feature_layout.hpp"
#include "cardseg/portfolio/population.hpp"
#include "cardseg/portfolio/precision.hpp"
#include "cardseg/profile/baseline.hpp"

namespace cardseg::segments {

/// How the model was found; for the record, not for scoring.
struct FitRecord {
  /// Every option that shaped it, by name, as text; files by their SHA-256.
  std::vector<std::pair<std::string, std::string>> options;
  int restarts = 0;                            ///< that were done
  int best_restart = 0;                        ///< from 0
  int iterations = 0;                          ///< of the best restart
  std::string stop;                            ///< why it stopped
  std::optional<int> reached;                  ///< as cluster::FitResult::reached; none in models of earlier versions
  int refitted_from = 0;                       ///< as cluster::FitResult::refitted_from
  std::optional<cluster::InertiaBound> bound;  ///< of the inertia of any so many segments; none: not known
  std::string seeded;  ///< how its first centroids were found; empty in models of earlier versions

  /// The text of an option; empty where there is none of that name.
  std::string option(const std::string& name) const;
};

/// What people call a segment, beside its number.
struct SegmentName {
  std::string code;       ///< short, "1", or with strata "D1"
  std::string name;       ///< no two segments of a model have the same
  bool is_given = false;  ///< by a person (`cardseg name`), not made from what the segment is like
};

/// The cardseg that found a model.
struct Program {
  std::string version;
  std::string commit;
};

struct Model {
  portfolio::Precision precision = portfolio::Precision::float32;  ///< in which its features are stored
  std::vector<portfolio::FittedColumn> columns;                    ///< all of the portfolio it was fitted on
  portfolio::FeatureLayout layout;                                 ///< of `columns`: the features of the centroids
  cluster::Centroids centroids;                                    ///< in feature space, segment 1 first
  cluster::SegmentTotals totals;                                   ///< of the portfolio it was fitted on
  std::vector<SegmentName> names;                                  ///< one a segment
  Program program;
  FitRecord fit;
  portfolio::Population population = {};           ///< who is segmented, at the fit and when scored
  std::optional<profile::Baseline> baseline = {};  ///< what later months are compared with; no part of the model's id

  int segments() const { return centroids.segments; }
  /// Empty: rows are numbered.
  std::string id_column() const;
  /// The columns that are no part of it, each with its reason. They live as long as the model is not changed.
  std::vector<const portfolio::Column*> unused() const;
  /// The column that a feature belongs to.
  const portfolio::FittedColumn& column_of(int feature) const;
  /// "balance", or of the level of a category "region=north".
  std::string feature_name(int feature) const;
  /// Whether a feature stands for a share of customers.
  bool is_share(int feature) const;
  /// What a point in feature space stands for: a number in a column's own units, or where is_share() a share.
  double decode(int feature, const double* features) const;
  /// The centroid of a segment (from 0) in a feature's original units.
  double original(int segment, int feature) const { return decode(feature, centroids.row(segment)); }
};

/// Reads a model.json (model_json.hpp). Throws what model_from_json throws, naming the file; also input_missing,
/// permission.
Model read_model(const std::filesystem::path& path);

/// Throws core::Error(bad_data) naming the first feature that the shards lack or hold as text, or a column that the
/// model's filter compares and they lack or hold as something else. Numbers may be stored in any type.
void check_schema(const Model& model, const io::ShardSet& shards);

}  // namespace cardseg::segments
