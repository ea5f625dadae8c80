#include "cardseg/quality/preference.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace cardseg::quality {
namespace {

// Adds the number of segments with the largest value; NaN is none.
template <class Value>
void add_largest(const std::vector<StudiedModel>& models, const char* criterion, Value value,
                 std::vector<Preference>& preferences) {
  const StudiedModel* best = nullptr;
  for (const StudiedModel& model : models)
    if (!std::isnan(value(model)) && (best == nullptr || value(model) > value(*best) ||
                                      (value(model) == value(*best) && model.segments() < best->segments())))
      best = &model;
  if (best != nullptr) preferences.push_back({criterion, best->segments()});
}

}  // namespace

std::vector<Preference> preferred_segments(const std::vector<StudiedModel>& models) {
  std::vector<Preference> found;
  add_largest(
      models, "Calinski-Harabasz", [](const StudiedModel& m) { return m.calinski_harabasz; }, found);
  add_largest(
      models, "Davies-Bouldin", [](const StudiedModel& m) { return -m.davies_bouldin; }, found);
  add_largest(
      models, "silhouette", [](const StudiedModel& m) { return m.silhouette.mean; }, found);
  add_largest(
      models, "sampled silhouette", [](const StudiedModel& m) { return m.sampled_silhouette; }, found);
  add_largest(
      models, "agreement", [](const StudiedModel& m) { return m.mean_agreement(); }, found);
  return found;
}

Consensus consensus_of(const std::vector<Preference>& preferences) {
  std::map<int, int> supporters;
  for (const Preference& each : preferences) ++supporters[each.segments];
  const auto most = std::ranges::max_element(supporters, {}, [](const auto& entry) { return entry.second; });
  return {most->first, most->second, static_cast<int>(preferences.size())};
}

}  // namespace cardseg::quality
