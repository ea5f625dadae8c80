#include "segments/baseline_json.hpp"

#include <algorithm>
#include <stdexcept>

#include "cardseg/core/sha256.hpp"

namespace cardseg::segments {
namespace {

using json = nlohmann::ordered_json;
using profile::Baseline;
using profile::BaselineColumn;
using profile::BaselineValue;
using profile::Count;
using profile::Figure;

json count_json(const Count& count) { return count.is_withheld ? json() : json(count.customers); }
Count count_from(const json& j) { return j.is_null() ? Count{0, true} : Count{j.get<std::int64_t>(), false}; }

json figure_json(const Figure& figure) { return figure.is_withheld ? json() : json(figure.value); }
Figure figure_from(const json& j) {
  return j.is_null() ? Figure{Figure().value, true} : Figure{j.get<double>(), false};
}

double number_from(const json& j) { return j.is_null() ? Figure().value : j.get<double>(); }

template <class Range, class ToJson>
json list_json(const Range& values, ToJson to_json) {
  json list = json::array();
  for (const auto& value : values) list.push_back(to_json(value));
  return list;
}

template <class T, class From>
std::vector<T> list_from(const json& j, std::size_t size, From from) {
  if (!j.is_array() || j.size() != size) throw std::invalid_argument("its baseline has another number of figures");
  std::vector<T> values;
  for (const json& each : j) values.push_back(from(each));
  return values;
}

// What the model does not say of a column that is no feature.
json reading_json(const portfolio::Column& column) {
  json j = json::object();
  if (!column.settings.missing_codes.empty()) j["missing_codes"] = column.settings.missing_codes;
  if (!column.has_levels()) return j;
  j["are_texts"] = column.levels.are_texts;
  j["levels"] = list_json(column.levels.known, [](const portfolio::Level& level) {
    return json{{"name", level.name}, {"value", level.value}};
  });
  return j;
}

void set_reading(const json& j, portfolio::Column& column) {
  column.settings.missing_codes = j.value("missing_codes", std::vector<double>());
  if (!column.has_levels()) return;
  column.levels.are_texts = j.at("are_texts");
  for (const json& level : j.at("levels")) column.levels.known.push_back({level.at("name"), 0, level.at("value")});
}

json column_json(const BaselineColumn& frozen) {
  json j = {{"column", frozen.column.name}};
  if (frozen.column.role != portfolio::Role::feature) j["reading"] = reading_json(frozen.column);
  if (!frozen.is_category()) {
    j["edges"] = frozen.edges;
    j["low"] = frozen.low;
    j["high"] = frozen.high;
  }
  j["counts"] = list_json(frozen.counts, [](const std::vector<Count>& row) { return list_json(row, count_json); });
  return j;
}

BaselineColumn column_from(const json& j, const Model& model) {
  const std::string name = j.at("column");
  const auto known =
      std::ranges::find(model.columns, name, [](const portfolio::FittedColumn& each) { return each.column.name; });
  if (known == model.columns.end()) throw std::invalid_argument("its baseline has a column that it does not have");
  BaselineColumn frozen;
  frozen.column = known->column;
  if (j.contains("reading")) set_reading(j.at("reading"), frozen.column);
  if (!frozen.is_category()) {
    frozen.edges = j.at("edges").get<std::vector<double>>();
    frozen.low = number_from(j.at("low"));
    frozen.high = number_from(j.at("high"));
    if (!std::ranges::is_sorted(frozen.edges) || std::ssize(frozen.edges) >= profile::most_baseline_bins)
      throw std::invalid_argument("edges of its baseline do not rise, or are too many");
  }
  const std::size_t cells = frozen.is_category() ? frozen.column.levels.known.size() + 2
                                                 : BaselineColumn::first_cell + frozen.edges.size() + 1;
  frozen.counts =
      list_from<std::vector<Count>>(j.at("counts"), static_cast<std::size_t>(model.segments()) + 1,
                                    [&](const json& row) { return list_from<Count>(row, cells, count_from); });
  return frozen;
}

json space_json(const profile::PrincipalSpace& space) {
  return {{"mean", space.mean}, {"directions", space.directions}, {"variance", space.variance}, {"error", space.error}};
}

profile::PrincipalSpace space_from(const json& j, std::size_t features) {
  profile::PrincipalSpace space{j.at("mean"), j.at("directions"), j.at("variance"), j.at("error")};
  const bool fits = space.mean.size() == features && std::ranges::all_of(space.directions, [&](const auto& direction) {
                      return direction.size() == features;
                    });
  if (!fits) throw std::invalid_argument("its baseline has another number of features");
  return space;
}

// [group]: one of the two lists of quantiles.
json quantiles_json(const Baseline& baseline, decltype(&profile::ScoreQuantiles::distance) which) {
  return list_json(baseline.scores,
                   [&](const profile::ScoreQuantiles& group) { return list_json(group.*which, figure_json); });
}

void set_quantiles(const json& j, decltype(&profile::ScoreQuantiles::distance) which, Baseline& baseline) {
  if (j.size() != baseline.scores.size()) throw std::invalid_argument("its baseline has another number of segments");
  for (std::size_t g = 0; g < baseline.scores.size(); ++g) {
    const auto figures = list_from<Figure>(j.at(g), profile::quantile_shares.size(), figure_from);
    std::ranges::copy(figures, (baseline.scores[g].*which).begin());
  }
}

std::string digest_of(json j) {
  j.erase("sha256");
  return core::sha256_hex(j.dump());
}

}  // namespace

nlohmann::ordered_json baseline_json(const Baseline& baseline) {
  json j = {{"min_cell", baseline.min_cell},
            {"customers", list_json(baseline.customers, count_json)},
            {"columns", list_json(baseline.columns, column_json)},
            {"values", list_json(baseline.values,
                                 [](const BaselineValue& value) {
                                   return json{{"column", value.column},
                                               {"total", list_json(value.total, figure_json)},
                                               {"mean", list_json(value.mean, figure_json)}};
                                 })},
            {"quantiles", profile::quantile_shares},
            {"distance", quantiles_json(baseline, &profile::ScoreQuantiles::distance)},
            {"margin", quantiles_json(baseline, &profile::ScoreQuantiles::margin)}};
  if (baseline.space) j["space"] = space_json(*baseline.space);
  j["sha256"] = digest_of(j);
  return j;
}

Baseline baseline_from(const nlohmann::ordered_json& j, const Model& model) {
  if (digest_of(j) != j.at("sha256")) throw std::invalid_argument("its baseline was changed after cardseg wrote it");
  const auto groups = static_cast<std::size_t>(model.segments()) + 1;
  Baseline baseline;
  baseline.min_cell = j.at("min_cell");
  baseline.customers = list_from<Count>(j.at("customers"), groups, count_from);
  for (const json& each : j.at("columns")) baseline.columns.push_back(column_from(each, model));
  for (const json& each : j.at("values"))
    baseline.values.push_back({each.at("column"), list_from<Figure>(each.at("total"), groups, figure_from),
                               list_from<Figure>(each.at("mean"), groups, figure_from)});
  baseline.scores.resize(groups);
  set_quantiles(j.at("distance"), &profile::ScoreQuantiles::distance, baseline);
  set_quantiles(j.at("margin"), &profile::ScoreQuantiles::margin, baseline);
  if (j.contains("space"))
    baseline.space = space_from(j.at("space"), static_cast<std::size_t>(model.layout.features()));
  return baseline;
}

}  // namespace cardseg::segments
