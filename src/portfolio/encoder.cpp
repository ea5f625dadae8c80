#include "cardseg/portfolio/encoder.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace cardseg::portfolio {
namespace {

using json = nlohmann::ordered_json;

double number_from(const json& j) { return j.is_null() ? std::numeric_limits<double>::quiet_NaN() : j.get<double>(); }

json as_json(const NumberEncoder& encoder) {
  return {{"kind", "number"}, {"fill", encoder.fill}, {"centre", encoder.centre}, {"factor", encoder.factor}};
}

}  // namespace

int width(const Encoder& encoder) {
  return std::visit([](const auto& each) { return each.width(); }, encoder);
}

void encode(const Encoder& encoder, double raw, std::span<double> block) {
  block[0] = std::get<NumberEncoder>(encoder).encode(raw);
}

double decode(const Encoder& encoder, std::span<const double> block) {
  return std::get<NumberEncoder>(encoder).decode(block[0]);
}

std::vector<std::string> feature_names(const Encoder& encoder, const std::string& column) {
  return std::vector<std::string>(static_cast<std::size_t>(width(encoder)), column);
}

std::string to_json(const Encoder& encoder) {
  return std::visit([](const auto& each) { return as_json(each); }, encoder).dump();
}

Encoder encoder_from_json(const std::string& text, const ColumnSettings& settings) {
  const json j = json::parse(text);
  if (j.at("kind") != "number") throw std::invalid_argument("it encodes a column in a way that this version lacks");
  return NumberEncoder{settings, number_from(j.at("fill")), j.at("centre"), j.at("factor")};
}

}  // namespace cardseg::portfolio
