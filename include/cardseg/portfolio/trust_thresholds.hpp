// From where on a segment is called large enough, separated, stable or worth something else: the section [trust] of a
// description.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cardseg/portfolio/description.hpp"

namespace cardseg::portfolio {

struct TrustThresholds {
  double small_share = 0.02;            ///< of all customers: a segment below it is small,
  double large_share = 0.5;             ///< above it hardly a segment
  std::int64_t few_customers = 100;     ///< of fewer, averages move with each customer
  double clear_silhouette = 0.5;        ///< from there on structure is reasonable,
  double blurred_silhouette = 0.25;     ///< below there is none (Kaufman, Rousseeuw 1990)
  double stable_ratio = 3.0;            ///< times as unstable as the segment is chance
  std::int64_t segment_customers = 50;  ///< of each segment, that a resample is to hold
  double distinct_value = 0.1;          ///< share by which a mean value differs from that of all customers
  double explained_share = 0.8;         ///< of a segment's customers, that thresholds give their segment

  bool operator==(const TrustThresholds&) const = default;
};

/// The keys of the section.
std::vector<std::string> trust_keys();

/// Sets the field that `key` names. Throws core::Error(config) naming trust.<key> where the value cannot be used.
/// Precondition: `key` is one of trust_keys().
void set_trust(TrustThresholds& thresholds, const std::string& key, const std::string& value);

/// Pure. What a description says in the section [trust]. Throws what set_trust() throws. Precondition:
/// make_description() takes the settings.
TrustThresholds make_trust(const std::vector<Setting>& settings);

}  // namespace cardseg::portfolio
