#include "cardseg/segments/model.hpp"
#include "cardseg/segments/model_json.hpp"

#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/nearest_name.hpp"
#include "cardseg/io/atomic_file.hpp"

namespace cardseg::segments {
namespace {

using core::Error;
using core::ExitCode;

int place_in_block(const Model& model, int feature) { return feature - model.layout.block_of(feature).begin; }

}  // namespace

std::string FitRecord::option(const std::string& name) const {
  for (const auto& [key, value] : options)
    if (key == name) return value;
  return "";
}

std::string Model::id_column() const {
  for (const portfolio::FittedColumn& each : columns)
    if (each.column.role == portfolio::Role::id) return each.column.name;
  return "";
}

std::vector<const portfolio::Column*> Model::unused() const {
  std::vector<const portfolio::Column*> found;
  for (const portfolio::FittedColumn& each : columns)
    if (!each.column.reason.empty()) found.push_back(&each.column);
  return found;
}

const portfolio::FittedColumn& Model::column_of(int feature) const {
  return columns[static_cast<std::size_t>(layout.block_of(feature).column)];
}

std::string Model::feature_name(int feature) const {
  return portfolio::feature_name(column_of(feature), place_in_block(*this, feature));
}

bool Model::is_share(int feature) const {
  return portfolio::is_share(column_of(feature).encoder, place_in_block(*this, feature));
}

double Model::decode(int feature, const double* features) const {
  return portfolio::decode(column_of(feature).encoder, place_in_block(*this, feature), features[feature]);
}

Model read_model(const std::filesystem::path& path) {
  if (std::error_code unreachable; std::filesystem::is_directory(path, unreachable))
    throw Error(core::ExitCode::input_missing, "is a directory")
        .in_file(path.string())
        .remedy("Name the model.json in it");
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
  for (const portfolio::FittedColumn& feature : model.columns) {
    if (!feature.is_feature()) continue;
    const std::string& name = feature.column.name;
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
    const bool is_text = shards.columns()[static_cast<std::size_t>(index)].type == io::ColumnType::text;
    const bool was_text = feature.column.has_levels() && feature.column.levels.are_texts;
    if (is_text != was_text)
      throw Error(ExitCode::bad_data, is_text ? "the column holds text; the model was fitted on numbers"
                                              : "the column holds numbers; the model was fitted on texts")
          .in_file(file)
          .in_column(name)
          .remedy(is_text ? "Convert the column again as numbers ('cardseg convert' says which option reads it)"
                          : "Convert the column again as text ('cardseg convert' with " + core::field("like") +
                                " and this model)");
  }
  const std::string id = model.id_column();
  if (!id.empty() && shards.column_index(id) < 0)
    throw Error(ExitCode::bad_data, "the shards lack the model's id column")
        .in_file(shards.shards().front().header.path.string())
        .in_column(id)
        .remedy("Score a portfolio with the columns that the model was fitted on");
  portfolio::check_id(id, shards.columns());
  try {
    portfolio::check_population("the model's filter", model.population, shards.columns());
  } catch (Error& error) {
    throw error.as(ExitCode::bad_data)
        .in_file(shards.shards().front().header.path.string())
        .remedy("Score a portfolio with the columns that the model was fitted on");
  }
}

}  // namespace cardseg::segments
