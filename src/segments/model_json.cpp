// Format 4, and the reader of the ones before it.
#include "cardseg/segments/model_json.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <nlohmann/json.hpp>

#include "cardseg/core/error.hpp"
#include "cardseg/core/parse_json.hpp"
#include "cardseg/core/sha256.hpp"
#include "segments/baseline_json.hpp"

namespace cardseg::segments {
namespace {

using core::Error;
using core::ExitCode;
using json = nlohmann::ordered_json;
using portfolio::Column;
using portfolio::ColumnFacts;
using portfolio::ColumnSettings;
using portfolio::FittedColumn;
using portfolio::Role;

constexpr int format_version = 4;
constexpr int first_with_free_names = 3;  // model_id does not depend on them
constexpr int id_version = 3;             // later formats say more, and keep the ids of the models that they say it of

double number_from(const json& j) { return j.is_null() ? std::numeric_limits<double>::quiet_NaN() : j.get<double>(); }

json settings_json(const ColumnSettings& settings) {
  json j = {{"family", name_of(settings.family)},
            {"transform", name_of(settings.transform)},
            {"scale", name_of(settings.scale)},
            {"missing", name_of(settings.missing)},
            {"weight", settings.weight}};
  if (!settings.missing_codes.empty()) j["missing_codes"] = settings.missing_codes;
  if (settings.clip) j[settings.clip->are_shares ? "clip" : "clip_at"] = {settings.clip->low, settings.clip->high};
  if (settings.transform == portfolio::Transform::yeo_johnson) j["lambda"] = settings.lambda;
  if (settings.unseen != ColumnSettings().unseen) j["unseen"] = name_of(settings.unseen);
  return j;
}

ColumnSettings settings_from(const json& j) {
  ColumnSettings settings{portfolio::family_names.named(j.at("family"), "family"),
                          portfolio::transform_names.named(j.at("transform"), "transform"),
                          portfolio::scale_names.named(j.at("scale"), "scale"),
                          portfolio::missing_names.named(j.at("missing"), "missing"),
                          j.at("weight"),
                          j.value("missing_codes", std::vector<double>())};
  for (const char* key : {"clip", "clip_at"})
    if (j.contains(key)) settings.clip = {j[key].at(0), j[key].at(1), std::string(key) == "clip"};
  settings.lambda = j.value("lambda", settings.lambda);
  settings.unseen = portfolio::unseen_names.named(j.value("unseen", name_of(settings.unseen)), "unseen");
  return settings;
}

portfolio::ColumnWords words_from(const json& j) {
  portfolio::ColumnWords words{j.value("label", ""), j.value("unit", ""), {}};
  if (j.contains("format")) words.shown_as = portfolio::shown_as_names.named(j.at("format"), "format");
  return words;
}

json levels_json(const portfolio::Levels& levels) {
  json known = json::array();
  for (const portfolio::Level& level : levels.known)
    known.push_back({{"name", level.name}, {"customers", level.customers}, {"value", level.value}});
  return {{"are_texts", levels.are_texts}, {"known", known}, {"other", levels.other}, {"missing", levels.missing}};
}

portfolio::Levels levels_from(const json& j) {
  portfolio::Levels levels{{}, j.at("other"), j.at("missing"), j.at("are_texts")};
  for (const json& level : j.at("known"))
    levels.known.push_back({level.at("name"), level.at("customers"), level.at("value")});
  return levels;
}

void check_levels(const FittedColumn& fitted) {
  const auto* category = std::get_if<portfolio::CategoryEncoder>(&fitted.encoder);
  if (category && category->known != std::ssize(fitted.column.levels.known))
    throw std::invalid_argument("a category's levels do not fit together");
}

json facts_json(const ColumnFacts& facts) {
  return {{"present", facts.present}, {"missing", facts.missing}, {"low", facts.range.low},
          {"high", facts.range.high}, {"mean", facts.mean},       {"sd", facts.sd}};
}

// Models of before had the smallest and the largest value, and no deviation.
ColumnFacts facts_from(const json& j, const char* missing) {
  const bool has_range = j.contains("low");
  return {j.at("present"),
          j.at(missing),
          {number_from(j.at(has_range ? "low" : "min")), number_from(j.at(has_range ? "high" : "max"))},
          number_from(j.at("mean")),
          number_from(j.value("sd", json()))};
}

json column_json(const FittedColumn& fitted) {
  const Column& column = fitted.column;
  json j = {{"name", column.name},
            {"role", name_of(column.role)},
            {"kind", name_of(column.kind)},
            {"stored_type", column.stored_type}};
  if (column.is_value()) j["value_number"] = column.value_number;
  if (!column.reason.empty()) j["reason"] = column.reason;
  const portfolio::ColumnWords& words = column.settings.words;
  if (!words.label.empty()) j["label"] = words.label;
  if (!words.unit.empty()) j["unit"] = words.unit;
  if (words.shown_as) j["format"] = name_of(*words.shown_as);
  if (!fitted.is_feature()) return j;
  j["settings"] = settings_json(column.settings);
  j["encoder"] = json::parse(portfolio::to_json(fitted.encoder));
  if (column.has_levels()) j["levels"] = levels_json(column.levels);
  j["facts"] = facts_json(fitted.facts);
  if (fitted.variance_share)
    j["variance_share"] = {{"unweighted", fitted.variance_share->unweighted},
                           {"weighted", fitted.variance_share->weighted}};
  return j;
}

FittedColumn column_from(const json& j) {
  FittedColumn fitted;
  Column& column = fitted.column;
  column.name = j.at("name");
  column.role = portfolio::role_names.named(j.at("role"), "role");
  column.kind = portfolio::kind_names.named(j.at("kind"), "kind");
  column.stored_type = j.at("stored_type");
  column.value_number = j.value("value_number", 0);
  column.reason = j.value("reason", "");
  if (fitted.is_feature()) column.settings = settings_from(j.at("settings"));
  column.settings.words = words_from(j);
  if (!fitted.is_feature()) return fitted;
  fitted.encoder = portfolio::encoder_from_json(j.at("encoder").dump(), column.settings);
  if (column.has_levels()) column.levels = levels_from(j.at("levels"));
  check_levels(fitted);
  fitted.facts = facts_from(j.at("facts"), "missing");
  if (const json share = j.value("variance_share", json()); !share.is_null())
    fitted.variance_share = portfolio::VarianceShare{share.at("unweighted"), share.at("weighted")};
  return fitted;
}

json segment_json(const Model& model, int j) {
  const auto at = static_cast<std::size_t>(j);
  json centroid = json::array();
  json original = json::array();
  for (int f = 0; f < model.layout.features(); ++f) {
    centroid.push_back(model.centroids.row(j)[f]);
    original.push_back(model.original(j, f));
  }
  const SegmentName& name = model.names[at];
  return {{"segment", j + 1},
          {"code", name.code},
          {"name", name.name},
          {"is_given", name.is_given},
          {"customers", model.totals.customers[at]},
          {"mass", model.totals.mass[at]},
          {"inertia", model.totals.inertia[at]},
          {"centroid", centroid},
          {"centroid_original", original}};
}

json optional_json(const std::optional<int>& number) { return number ? json(*number) : json(); }

json fit_json(const FitRecord& fit) {
  json options = json::object();
  for (const auto& [name, value] : fit.options) options[name] = value;
  json j = {{"options", options},           {"restarts", fit.restarts}, {"best_restart", fit.best_restart + 1},
            {"iterations", fit.iterations}, {"stop", fit.stop},         {"reached", optional_json(fit.reached)},
            {"seeded", fit.seeded}};
  if (fit.refitted_from > 0) j["refitted_from"] = fit.refitted_from;
  if (fit.bound) j["inertia_bound"] = {{"least", fit.bound->least}, {"is_estimate", fit.bound->is_estimate}};
  return j;
}

constexpr const char* by_filter = "filter";  // what a reader must know to score

json population_json(const portfolio::Population& population) {
  json codes = json::object();
  for (const auto& [column, values] : population.missing_codes) codes[column] = values;
  return {{"filter", population.filter}, {"missing_codes", codes}, {"not_segmented", population.not_segmented}};
}

portfolio::Population population_from(const json& j) {
  portfolio::Population population{j.at("filter"), {}, j.at("not_segmented")};
  for (const auto& [column, values] : j.at("missing_codes").items())
    population.missing_codes[column] = values.get<std::vector<double>>();
  try {
    static_cast<void>(portfolio::Filter("filter", population.filter));
  } catch (const Error&) {
    throw std::invalid_argument("its filter cannot be read");
  }
  return population;
}

// Everything but the model_id and the program.
json body(const Model& model) {
  json columns = json::array();
  for (const FittedColumn& column : model.columns) columns.push_back(column_json(column));
  json segments = json::array();
  for (int j = 0; j < model.segments(); ++j) segments.push_back(segment_json(model, j));
  json whole = {{"format", "cardseg-model"},
                {"format_version", format_version},
                {"requires", json::array()},
                {"precision", name_of(model.precision)},
                {"columns", columns},
                {"segments", segments},
                {"inertia", model.totals.total_inertia},
                {"fit", fit_json(model.fit)}};
  if (!model.population.is_everybody()) {
    whole["requires"].push_back(by_filter);
    whole["population"] = population_json(model.population);
  }
  return whole;
}

// The id is the digest of everything else that is there, also of what scoring does not read, but for what the segments
// are called and for the baseline, which has a digest of its own.
std::string id_of(json whole) {
  for (const char* key : {"model_id", "program", "baseline"}) whole.erase(key);
  const int version = whole.at("format_version");
  whole["format_version"] = std::min(version, id_version);
  if (version >= first_with_free_names)
    for (json& segment : whole.at("segments"))
      for (const char* key : {"code", "name", "is_given"}) segment.erase(key);
  return core::sha256_hex(whole.dump());
}

void check_id(const json& whole) {
  if (id_of(whole) != whole.at("model_id")) throw std::invalid_argument("it was changed after cardseg wrote it");
}

void read_segments(const json& segments, Model& model) {
  model.layout = portfolio::FeatureLayout(model.columns);
  const int features = model.layout.features();
  model.centroids = cluster::Centroids(static_cast<int>(segments.size()), features);
  for (int j = 0; j < model.segments(); ++j) {
    const json& segment = segments.at(static_cast<std::size_t>(j));
    const auto values = segment.at("centroid").get<std::vector<double>>();
    if (static_cast<int>(values.size()) != features)
      throw std::invalid_argument("a centroid has another number of features");
    std::copy(values.begin(), values.end(), model.centroids.row(j));
    const std::string number = std::to_string(j + 1);
    model.names.push_back(
        {segment.value("code", number), segment.value("name", "Segment " + number), segment.value("is_given", false)});
    model.totals.customers.push_back(segment.at("customers"));
    model.totals.mass.push_back(segment.value("mass", static_cast<double>(model.totals.customers.back())));
    model.totals.inertia.push_back(segment.at("inertia"));
  }
  if (model.segments() == 0 || features == 0) throw std::invalid_argument("no segments or no features");
}

void read_fit(const json& fit, Model& model) {
  for (const auto& [name, value] : fit.at("options").items()) model.fit.options.emplace_back(name, value);
  model.fit.restarts = fit.at("restarts");
  model.fit.best_restart = fit.at("best_restart").get<int>() - 1;
  model.fit.iterations = fit.at("iterations");
  model.fit.stop = fit.at("stop");
  if (const json reached = fit.value("reached", json()); !reached.is_null()) model.fit.reached = reached.get<int>();
  model.fit.refitted_from = fit.value("refitted_from", 0);
  if (const json bound = fit.value("inertia_bound", json()); !bound.is_null())
    model.fit.bound = {bound.at("least"), bound.at("is_estimate")};
  model.fit.seeded = fit.value("seeded", "");
}

void read_format_2_to_4(const json& j, Model& model) {
  for (const json& need : j.at("requires"))
    if (need != by_filter)
      throw std::invalid_argument("it scores by '" + need.get<std::string>() + "', which this version does not know");
  for (const json& column : j.at("columns")) model.columns.push_back(column_from(column));
  read_segments(j.at("segments"), model);
  read_fit(j.at("fit"), model);
  if (const json population = j.value("population", json()); !population.is_null())
    model.population = population_from(population);
  const json& program = j.at("program");
  model.program = {program.at("version"), program.at("commit")};
  if (j.contains("baseline")) model.baseline = baseline_from(j.at("baseline"), model);
}

// Features alone were described, by one flat object each; fits were recorded by eight of their options.
FittedColumn feature_from_format_1(const json& j) {
  FittedColumn fitted;
  fitted.column.name = j.at("name");
  fitted.column.role = Role::feature;
  fitted.column.stored_type = j.at("stored_type");
  fitted.column.settings = settings_from(j);
  fitted.encoder = portfolio::NumberEncoder{
      fitted.column.settings, number_from(j.at("fill")), j.at("centre"), j.at("factor"), {}, 0.0};
  fitted.facts = facts_from(j, "missing_values");
  return fitted;
}

FittedColumn unused_from_format_1(const json& j) {
  FittedColumn fitted;
  fitted.column.name = j.at("name");
  fitted.column.reason = j.at("reason");
  return fitted;
}

void read_format_1(const json& j, Model& model) {
  if (const std::string id = j.at("id_column"); !id.empty()) {
    Column& column = model.columns.emplace_back().column;
    column.name = id;
    column.role = Role::id;
    column.kind = portfolio::Kind::id;
  }
  for (const json& feature : j.at("features")) model.columns.push_back(feature_from_format_1(feature));
  for (const json& column : j.at("unused_columns")) model.columns.push_back(unused_from_format_1(column));
  read_segments(j.at("segments"), model);
  const json& fit = j.at("fit");
  model.fit = {{{"max-iterations", fit.at("max_iterations").dump()},
                {"restarts", fit.at("restarts").dump()},
                {"seed", fit.at("seed").dump()},
                {"seeding", fit.at("seeding")},
                {"tolerance", fit.at("tolerance").dump()}},
               fit.at("restarts"),
               fit.at("best_restart").get<int>() - 1,
               fit.at("iterations"),
               fit.at("stop"),
               std::nullopt,
               0,
               std::nullopt,
               ""};
}

Model parse(const std::string& text) {
  const json j = core::parse_json<json>(text);
  if (!j.is_object() || j.value("format", json()) != "cardseg-model")
    throw std::invalid_argument("it is not a cardseg model");
  const int version = j.at("format_version");
  if (version > format_version) throw std::invalid_argument("it was written by a later version of cardseg");
  check_id(j);
  Model model;
  model.precision = portfolio::precision_names.named(j.at("precision"), "precision");
  if (version == 1)
    read_format_1(j, model);
  else
    read_format_2_to_4(j, model);
  model.totals.total_inertia = j.at("inertia");
  return model;
}

}  // namespace

std::string model_id(const Model& model) { return id_of(body(model)); }

std::string to_json(const Model& model) {
  json whole = body(model);
  const std::string id = id_of(whole);
  if (model.baseline) whole["baseline"] = baseline_json(*model.baseline);
  whole["program"] = {{"version", model.program.version}, {"commit", model.program.commit}};
  whole["model_id"] = id;
  return whole.dump(1) + "\n";
}

Model model_from_json(const std::string& text) {
  std::string reason;
  try {
    return parse(text);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const json::parse_error& error) {  // its own text repeats some of the file
    reason = "it is not JSON from byte " + std::to_string(error.byte) + " on";
  } catch (const json::exception&) {
    reason = "a part of it is missing or of another type";
  } catch (const std::exception& error) {
    reason = error.what();
  }
  throw Error(ExitCode::bad_data, "this model cannot be used: " + reason)
      .remedy("Give the model.json of a run directory");
}

}  // namespace cardseg::segments
