#include "cardseg/portfolio/trust_thresholds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "cardseg/core/error.hpp"
#include "cardseg/core/name_list.hpp"

namespace cardseg::portfolio {
namespace {

// A field with the range that it has; one of the two pointers is set.
struct Threshold {
  const char* key;
  double TrustThresholds::*number;
  std::int64_t TrustThresholds::*count;
  double least;
  double most;
};

const std::vector<Threshold>& thresholds() {
  using T = TrustThresholds;
  static const std::vector<Threshold> all = {{"small_share", &T::small_share, nullptr, 0, 1},
                                             {"large_share", &T::large_share, nullptr, 0, 1},
                                             {"few_customers", nullptr, &T::few_customers, 0, 1e9},
                                             {"clear_silhouette", &T::clear_silhouette, nullptr, -1, 1},
                                             {"blurred_silhouette", &T::blurred_silhouette, nullptr, -1, 1},
                                             {"stable_ratio", &T::stable_ratio, nullptr, 1, 1000},
                                             {"segment_customers", nullptr, &T::segment_customers, 10, 10000},
                                             {"distinct_value", &T::distinct_value, nullptr, 0, 100},
                                             {"explained_share", &T::explained_share, nullptr, 0, 1}};
  return all;
}

double number_of(const std::string& text) {
  double number = std::nan("");
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && end == text.data() + text.size() ? number : std::nan("");
}

}  // namespace

std::vector<std::string> trust_keys() {
  std::vector<std::string> keys;
  for (const Threshold& each : thresholds()) keys.emplace_back(each.key);
  return keys;
}

void set_trust(TrustThresholds& set, const std::string& key, const std::string& value) {
  const Threshold& threshold = *std::ranges::find(thresholds(), key, &Threshold::key);
  const double number = number_of(value);
  const bool is_whole = threshold.number != nullptr || number == std::floor(number);
  if (!(number >= threshold.least && number <= threshold.most) || !is_whole)
    throw core::Error(core::ExitCode::config, "trust." + key + " cannot be '" + value + "'")
        .remedy(fmt::format("Write a {} from {:g} to {:g}", threshold.count ? "whole number" : "number",
                            threshold.least, threshold.most));
  if (threshold.number)
    set.*threshold.number = number;
  else
    set.*threshold.count = static_cast<std::int64_t>(number);
}

TrustThresholds make_trust(const std::vector<Setting>& settings) {
  const std::string section = "trust.";
  TrustThresholds found;
  for (const Setting& setting : settings)
    if (setting.key.starts_with(section))
      set_trust(found, setting.key.substr(section.size()), std::string(core::trimmed(setting.value)));
  return found;
}

}  // namespace cardseg::portfolio
