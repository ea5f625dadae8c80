#include "cardseg/portfolio/encoder.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace cardseg::portfolio {
namespace {

using json = nlohmann::ordered_json;

double number_from(const json& j) { return j.is_null() ? std::numeric_limits<double>::quiet_NaN() : j.get<double>(); }

json as_json(const NumberEncoder& encoder) {
  json j = {{"kind", "number"}, {"fill", encoder.fill}, {"centre", encoder.centre}, {"factor", encoder.factor}};
  if (encoder.clip.are_any()) j["clip"] = {encoder.clip.low, encoder.clip.high};
  if (encoder.indicator > 0.0) j["indicator"] = encoder.indicator;
  return j;
}

ClipLimits clip_from(const json& j) {
  if (!j.contains("clip")) return {};
  const ClipLimits limits{j["clip"].at(0), j["clip"].at(1)};
  if (!(limits.low <= limits.high)) throw std::invalid_argument("the limits of a column are not in order");
  return limits;
}

json as_json(const CategoryEncoder& encoder) {
  return {{"kind", "category"},      {"levels", encoder.levels},   {"known", encoder.known},
          {"other", encoder.other},  {"missing", encoder.missing}, {"refuses_missing", encoder.refuses_missing},
          {"height", encoder.height}};
}

CategoryEncoder category_from(const json& j) {
  const CategoryEncoder encoder{j.at("levels"),  j.at("known"),           j.at("other"),
                                j.at("missing"), j.at("refuses_missing"), j.at("height")};
  const auto is_feature = [&](int place) { return place >= -1 && place < encoder.levels; };
  if (encoder.levels < 0 || encoder.known < 0 || encoder.known > encoder.levels || !is_feature(encoder.other) ||
      !is_feature(encoder.missing) || !(encoder.height > 0.0))
    throw std::invalid_argument("a category's levels do not fit together");
  return encoder;
}

}  // namespace

int width(const Encoder& encoder) {
  return std::visit([](const auto& each) { return each.width(); }, encoder);
}

double decode(const Encoder& encoder, int place, double feature) {
  return std::visit([&](const auto& each) { return each.decode(place, feature); }, encoder);
}

double encode(const Encoder& encoder, int place, double original) {
  return std::visit([&](const auto& each) { return each.encode(place, original); }, encoder);
}

bool is_share(const Encoder& encoder, int place) {
  return place > 0 || std::holds_alternative<CategoryEncoder>(encoder);
}

std::string level_at(const FittedColumn& column, int place) {
  const auto* category = std::get_if<CategoryEncoder>(&column.encoder);
  if (category && place < category->known) return column.column.levels.known[static_cast<std::size_t>(place)].name;
  return !category || place == category->missing ? missing_level : other_level;
}

std::string feature_name(const FittedColumn& column, int place) {
  if (!is_share(column.encoder, place)) return column.column.name;
  return column.column.name + "=" + level_at(column, place);
}

std::string to_json(const Encoder& encoder) {
  return std::visit([](const auto& each) { return as_json(each); }, encoder).dump();
}

Encoder encoder_from_json(const std::string& text, const ColumnSettings& settings) {
  const json j = json::parse(text);
  if (j.at("kind") == "category") return category_from(j);
  if (j.at("kind") != "number") throw std::invalid_argument("it encodes a column in a way that this version lacks");
  return NumberEncoder{settings,     number_from(j.at("fill")), j.at("centre"), j.at("factor"),
                       clip_from(j), j.value("indicator", 0.0)};
}

}  // namespace cardseg::portfolio
