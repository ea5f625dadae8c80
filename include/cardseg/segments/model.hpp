// Everything that is needed to score a customer, and how it was found: model.json.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cardseg/cluster/centroids.hpp"
#include "cardseg/core/enum_names.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/load.hpp"

namespace cardseg::segments {

/// The type in which features are stored before distances are taken; part of the model.
enum class Precision { float32, float64 };

inline constexpr core::EnumNames<Precision> precision_names = {"float32", "double"};
inline const char* name_of(Precision precision) { return precision_names[precision]; }

/// A feature of the model: its encoder, the stored type it was fitted on, and what was found in it.
struct ModelFeature {
  portfolio::ColumnEncoder encoder;
  std::string stored_type;
  portfolio::RawFacts facts;
};

/// A column that was offered and not used.
struct UnusedColumn {
  std::string name;
  std::string reason;  ///< "constant", "weight 0", "no spread", "text"
};

/// How the model was found; for the record, not for scoring.
struct FitRecord {
  std::string seeding;
  std::uint64_t seed = 0;
  int restarts = 0;
  int best_restart = 0;  ///< from 0
  int iterations = 0;
  std::string stop;
  double tolerance = 0.0;
  int max_iterations = 0;
};

struct Model {
  Precision precision = Precision::float32;
  std::string id_column;  ///< empty: rows are numbered
  std::vector<ModelFeature> features;
  std::vector<UnusedColumn> unused;
  cluster::Centroids centroids;         ///< in feature space, segment 1 first
  std::vector<std::int64_t> customers;  ///< of each segment in the portfolio it was fitted on
  std::vector<double> segment_inertia;  ///< sum of squared distances in each segment
  double inertia = 0.0;
  FitRecord fit;

  /// The centroid of a segment (from 0) in a feature's original units.
  double original(int segment, int feature) const;
  std::vector<portfolio::ColumnEncoder> encoders() const;
};

/// JSON text of a model; the same model gives the same text. Contains `model_id`, the SHA-256 of the rest.
std::string to_json(const Model& model);
/// The `model_id` that `to_json` writes: 64 hexadecimal digits.
std::string model_id(const Model& model);

/// Throws core::Error(bad_data) where the text is no model, was changed after it was written, or is of a later format.
Model model_from_json(const std::string& text);
/// Reads a file; throws also input_missing, permission.
Model read_model(const std::filesystem::path& path);

/// Throws core::Error(bad_data) naming the first feature that the shards lack or hold in another type.
void check_schema(const Model& model, const io::ShardSet& shards);

}  // namespace cardseg::segments
