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
  if (std::ranges::find(features, Feature::amount_sum) != features.end())
    text += fmt::format("value = {}\n", facts_of(Feature::amount_sum).name);
  std::vector<std::string> excluded;
  for (const Feature each : features)
    if (!is_used(each)) excluded.emplace_back(facts_of(each).name);
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
