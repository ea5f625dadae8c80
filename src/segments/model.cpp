#include "cardseg/segments/model.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/nearest_name.hpp"
#include "cardseg/core/sha256.hpp"
#include "cardseg/io/atomic_file.hpp"

namespace cardseg::segments {
namespace {

using core::Error;
using core::ExitCode;
using json = nlohmann::ordered_json;

constexpr int format_version = 1;

json number(double value) { return std::isnan(value) ? json() : json(value); }
double number_from(const json& j) { return j.is_null() ? std::numeric_limits<double>::quiet_NaN() : j.get<double>(); }

json to_json(const ModelFeature& feature) {
  const portfolio::ColumnEncoder& encoder = feature.encoder;
  const portfolio::ColumnDescription& description = encoder.description;
  return {{"name", description.name},
          {"stored_type", feature.stored_type},
          {"family", portfolio::name_of(description.family)},
          {"transform", portfolio::name_of(description.transform)},
          {"scale", portfolio::name_of(description.scale)},
          {"missing", portfolio::name_of(description.missing)},
          {"weight", description.weight},
          {"fill", number(encoder.fill)},
          {"centre", encoder.centre},
          {"factor", encoder.factor},
          {"present", feature.facts.present},
          {"missing_values", feature.facts.missing},
          {"min", number(feature.facts.min)},
          {"max", number(feature.facts.max)},
          {"mean", number(feature.facts.mean)}};
}

ModelFeature feature_from(const json& j) {
  ModelFeature feature;
  portfolio::ColumnEncoder& encoder = feature.encoder;
  encoder.description.name = j.at("name");
  encoder.description.family = portfolio::family_names.named(j.at("family"), "family");
  encoder.description.transform = portfolio::transform_names.named(j.at("transform"), "transform");
  encoder.description.scale = portfolio::scale_names.named(j.at("scale"), "scale");
  encoder.description.missing = portfolio::missing_names.named(j.at("missing"), "missing");
  encoder.description.weight = j.at("weight");
  encoder.fill = number_from(j.at("fill"));
  encoder.centre = j.at("centre");
  encoder.factor = j.at("factor");
  feature.stored_type = j.at("stored_type");
  feature.facts = {j.at("present"), j.at("missing_values"), number_from(j.at("min")), number_from(j.at("max")),
                   number_from(j.at("mean"))};
  return feature;
}

json segment_json(const Model& model, int j) {
  json centroid = json::array();
  json original = json::array();
  for (int f = 0; f < model.centroids.features; ++f) {
    centroid.push_back(model.centroids.row(j)[f]);
    original.push_back(number(model.original(j, f)));
  }
  return {{"segment", j + 1},
          {"customers", model.customers[static_cast<std::size_t>(j)]},
          {"inertia", model.segment_inertia[static_cast<std::size_t>(j)]},
          {"centroid", centroid},
          {"centroid_original", original}};
}

json body(const Model& model) {
  json features = json::array();
  for (const ModelFeature& feature : model.features) features.push_back(to_json(feature));
  json unused = json::array();
  for (const UnusedColumn& column : model.unused) unused.push_back({{"name", column.name}, {"reason", column.reason}});
  json segments = json::array();
  for (int j = 0; j < model.centroids.segments; ++j) segments.push_back(segment_json(model, j));
  return {{"format", "cardseg-model"},
          {"format_version", format_version},
          {"precision", name_of(model.precision)},
          {"id_column", model.id_column},
          {"features", features},
          {"unused_columns", unused},
          {"inertia", model.inertia},
          {"segments", segments},
          {"fit",
           {{"seeding", model.fit.seeding},
            {"seed", model.fit.seed},
            {"restarts", model.fit.restarts},
            {"best_restart", model.fit.best_restart + 1},
            {"iterations", model.fit.iterations},
            {"stop", model.fit.stop},
            {"tolerance", model.fit.tolerance},
            {"max_iterations", model.fit.max_iterations}}}};
}

void read_segments(const json& segments, Model& model) {
  const int features = static_cast<int>(model.features.size());
  model.centroids = cluster::Centroids(static_cast<int>(segments.size()), features);
  for (int j = 0; j < model.centroids.segments; ++j) {
    const json& segment = segments.at(static_cast<std::size_t>(j));
    const auto values = segment.at("centroid").get<std::vector<double>>();
    if (static_cast<int>(values.size()) != features)
      throw std::invalid_argument("a centroid has another number of features");
    std::copy(values.begin(), values.end(), model.centroids.row(j));
    model.customers.push_back(segment.at("customers"));
    model.segment_inertia.push_back(segment.at("inertia"));
  }
  if (model.centroids.segments == 0 || features == 0) throw std::invalid_argument("no segments or no features");
}

// The id is the digest of everything else that is there, also of what scoring does not read.
void check_id(json whole) {
  const std::string id = whole.at("model_id");
  whole.erase("model_id");
  if (core::sha256_hex(whole.dump()) != id) throw std::invalid_argument("it was changed after cardseg wrote it");
}

Model parse(const std::string& text) {
  const json j = json::parse(text);
  if (!j.is_object() || j.value("format", json()) != "cardseg-model")
    throw std::invalid_argument("it is not a cardseg model");
  if (j.at("format_version") > format_version)
    throw std::invalid_argument("it was written by a later version of cardseg");
  check_id(j);
  Model model;
  model.precision = precision_names.named(j.at("precision"), "precision");
  model.id_column = j.at("id_column");
  for (const json& feature : j.at("features")) model.features.push_back(feature_from(feature));
  for (const json& column : j.at("unused_columns")) model.unused.push_back({column.at("name"), column.at("reason")});
  read_segments(j.at("segments"), model);
  model.inertia = j.at("inertia");
  const json& fit = j.at("fit");
  model.fit = {fit.at("seeding"),    fit.at("seed"), fit.at("restarts"),  fit.at("best_restart").get<int>() - 1,
               fit.at("iterations"), fit.at("stop"), fit.at("tolerance"), fit.at("max_iterations")};
  return model;
}

}  // namespace

double Model::original(int segment, int feature) const {
  return features[static_cast<std::size_t>(feature)].encoder.decode(centroids.row(segment)[feature]);
}

std::vector<portfolio::ColumnEncoder> Model::encoders() const {
  std::vector<portfolio::ColumnEncoder> all;
  for (const ModelFeature& feature : features) all.push_back(feature.encoder);
  return all;
}

std::string model_id(const Model& model) { return core::sha256_hex(body(model).dump()); }

std::string to_json(const Model& model) {
  json whole = body(model);
  whole["model_id"] = core::sha256_hex(whole.dump());
  return whole.dump(1) + "\n";
}

Model model_from_json(const std::string& text) {
  std::string reason;
  try {
    return parse(text);
  } catch (const json::parse_error& error) {  // its own text repeats some of the file
    reason = "it is not JSON from byte " + std::to_string(error.byte) + " on";
  } catch (const json::exception&) {
    reason = "a part of it is missing or of another type";
  } catch (const std::exception& error) {
    reason = error.what();
  }
  throw Error(ExitCode::bad_data, "this is no model that can be used: " + reason)
      .remedy("Give the model.json of a run directory");
}

Model read_model(const std::filesystem::path& path) {
  const std::string text = io::read_file(path);
  try {
    return model_from_json(text);
  } catch (Error& error) {
    throw error.in_file(path.string());
  }
}

void check_schema(const Model& model, const io::ShardSet& shards) {
  std::vector<std::string> names;
  for (const io::StoredColumn& column : shards.columns()) names.push_back(column.name);
  for (const ModelFeature& feature : model.features) {
    const std::string& name = feature.encoder.description.name;
    const int index = shards.column_index(name);
    const std::string file = shards.shards().front().header.path.string();
    if (index < 0) {
      const std::string guess = core::nearest_name(name, names);
      throw Error(ExitCode::bad_data, "the model needs this column and the shards do not have it")
          .in_file(file)
          .in_column(name)
          .remedy(guess.empty() ? "Score a portfolio with the columns that the model was fitted on"
                                : "The nearest name there is '" + guess + "'");
    }
    const std::string& stored = shards.columns()[static_cast<std::size_t>(index)].stored_type;
    if (stored != feature.stored_type)
      throw Error(ExitCode::bad_data,
                  "the column is stored as " + stored + "; the model was fitted on " + feature.stored_type)
          .in_file(file)
          .in_column(name)
          .remedy("Write the shards with the model's types ('cardseg convert " + core::field("type") + " " + name +
                  "=TYPE')");
  }
  if (!model.id_column.empty() && shards.column_index(model.id_column) < 0)
    throw Error(ExitCode::bad_data, "the shards lack the model's id column")
        .in_file(shards.shards().front().header.path.string())
        .in_column(model.id_column)
        .remedy("Score a portfolio with the columns that the model was fitted on");
  portfolio::check_id(model.id_column, shards.columns());
}

}  // namespace cardseg::segments
