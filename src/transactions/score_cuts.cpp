#include "cardseg/transactions/score_cuts.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "cardseg/core/decimal_places.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/parse_json.hpp"

namespace cardseg::transactions {
namespace {

using json = nlohmann::ordered_json;
using core::Error;
using core::ExitCode;

constexpr const char* format_name = "cardseg-rfm-cuts";

// "12.5" with two decimals as 1250.
std::optional<std::int64_t> units_of(std::string text, int minor_units) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::size_t decimals = text.size() - std::min(text.size(), point + 1);
  if (decimals > static_cast<std::size_t>(minor_units)) return std::nullopt;
  text.erase(point, 1);
  text.append(static_cast<std::size_t>(minor_units) - decimals, '0');
  std::int64_t units = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), units);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return units;
}

}  // namespace

int score(std::int64_t value, const Cuts& cuts) {
  return 1 + static_cast<int>(std::ranges::count_if(cuts, [&](std::int64_t cut) { return value > cut; }));
}

std::string cuts_json(const ScoreCuts& cuts, int minor_units, const std::string& as_of, const std::string& window) {
  json money = json::array();
  for (const std::int64_t cut : cuts.amount_sum) money.push_back(core::decimal_text(cut, minor_units));
  const json whole = {{"format", format_name},
                      {"format_version", 1},
                      {"as_of", as_of},
                      {"window", window},
                      {"recency_days", cuts.recency_days},
                      {"purchases", cuts.purchases},
                      {"amount_sum", money}};
  return whole.dump(2) + "\n";
}

ScoreCuts cuts_from_json(const std::string& text, int minor_units) {
  const auto refuse = [](const std::string& why) {
    return Error(ExitCode::bad_data, why).remedy("Name a " + std::string(cuts_name) + " that this job wrote");
  };
  ScoreCuts cuts;
  try {
    const json whole = core::parse_json(text);
    if (whole.at("format") != format_name) throw refuse("holds no cut points of scores");
    cuts.recency_days = whole.at("recency_days").get<Cuts>();
    cuts.purchases = whole.at("purchases").get<Cuts>();
    const auto money = whole.at("amount_sum").get<std::array<std::string, cut_count>>();
    for (std::size_t c = 0; c < cut_count; ++c) {
      const std::optional<std::int64_t> units = units_of(money[c], minor_units);
      if (!units)
        throw refuse("holds an amount that is no number of " + std::to_string(minor_units) + " decimals (" +
                     core::field("minor-units") + ")");
      cuts.amount_sum[c] = *units;
    }
  } catch (const Error&) {
    throw;
  } catch (const std::exception&) {
    throw refuse("holds no cut points of scores");
  }
  for (const Cuts& each : {cuts.recency_days, cuts.purchases, cuts.amount_sum})
    if (!std::ranges::is_sorted(each)) throw refuse("holds cut points that are not in ascending order");
  return cuts;
}

}  // namespace cardseg::transactions
