#include "transactions/rfm_description.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cardseg/core/name_list.hpp"

namespace cardseg::transactions {

std::string description_of(const std::vector<Feature>& features, const std::vector<std::string>& shares) {
  const bool has_any = std::ranges::any_of(features, [](Feature each) { return facts_of(each).is_distance; });
  const auto is_used = [&](Feature each) { return facts_of(each).is_distance || !has_any; };
  std::string text = fmt::format(
      "# Features of transactions. Edit it: what is excluded repeats what is not.\n"
      "[portfolio]\nid = {}\n",
      id_column_name);
  std::vector<std::string> values;
  for (const Feature each : {Feature::amount_sum, Feature::lifetime_value})
    if (std::ranges::find(features, each) != features.end()) values.emplace_back(facts_of(each).name);
  if (!values.empty()) text += fmt::format("value = {}\n", fmt::join(values, ", "));
  std::vector<std::string> excluded;
  for (const Feature each : features)
    if (!is_used(each) && each != Feature::lifetime_value) excluded.emplace_back(facts_of(each).name);
  excluded.insert(excluded.end(), shares.begin(), shares.end());
  if (!excluded.empty()) text += fmt::format("exclude = {}\n", fmt::join(excluded, ", "));
  for (const Feature each : features) {
    if (!is_used(each)) continue;
    const FeatureFacts& facts = facts_of(each);
    text += fmt::format("\n# {} ({}): {}\n[column.{}]\nfamily    = behavioural\ntransform = {}\n", facts.label,
                        facts.unit, facts.formula, facts.name, portfolio::name_of(facts.transform));
  }
  return text;
}

}  // namespace cardseg::transactions
