#include "cardseg/monitor/segment_fates.hpp"

#include <algorithm>

#include "cardseg/monitor/matching.hpp"

namespace cardseg::monitor {
namespace {

// [old][new]
SharedMass table_of(const quality::Contingency& shared) {
  SharedMass table(static_cast<std::size_t>(shared.first));
  for (int i = 0; i < shared.first; ++i)
    for (int j = 0; j < shared.second; ++j) table[static_cast<std::size_t>(i)].push_back(shared.at(i, j));
  return table;
}

std::int64_t customers_of_new(const quality::Contingency& shared, int segment) {
  std::int64_t sum = 0;
  for (int i = 0; i < shared.first; ++i) sum += shared.at(i, segment);
  return sum;
}

// New segments that have at least `share` of an old one's customers, the largest first.
std::vector<int> parts_of(const quality::Contingency& shared, int old, std::int64_t customers, double share) {
  std::vector<int> parts;
  for (int j = 0; j < shared.second; ++j)
    if (static_cast<double>(shared.at(old, j)) >= share * static_cast<double>(customers)) parts.push_back(j);
  std::ranges::stable_sort(parts, [&](int a, int b) { return shared.at(old, a) > shared.at(old, b); });
  return parts;
}

OldSegment fate_of(const quality::Contingency& shared, int old, int partner) {
  OldSegment found;
  for (int j = 0; j < shared.second; ++j) found.customers += shared.at(old, j);
  if (found.customers == 0) return found;
  found.to = parts_of(shared, old, found.customers, survivor_share);
  if (!found.to.empty()) {
    // Of two halves the partner's is the survivor.
    const bool is_partner = std::ranges::find(found.to, partner) != found.to.end();
    found.fate = is_partner ? Fate::survived : Fate::merged;
    found.to = {is_partner ? partner : found.to.front()};
    return found;
  }
  found.to = parts_of(shared, old, found.customers, part_share);
  std::int64_t together = 0;
  for (const int part : found.to) together += shared.at(old, part);
  if (found.to.size() > 1 && static_cast<double>(together) >= survivor_share * static_cast<double>(found.customers))
    found.fate = Fate::split;
  else
    found.to.clear();
  return found;
}

}  // namespace

SegmentFates segment_fates(const quality::Contingency& shared) {
  SegmentFates fates;
  fates.same_old.assign(static_cast<std::size_t>(shared.second), SegmentFates::is_new);
  const std::vector<int> partners = match_segments(table_of(shared));
  for (int old = 0; old < shared.first; ++old) {
    const int partner = partners[static_cast<std::size_t>(old)];
    OldSegment found = fate_of(shared, old, partner);
    const bool keeps_number = std::ranges::find(found.to, partner) != found.to.end() && found.fate != Fate::merged;
    if (keeps_number) {
      fates.same_old[static_cast<std::size_t>(partner)] = old;
      found.kept = shared.at(old, partner);
    } else if (found.fate == Fate::split) {
      found.fate = Fate::vanished;  // its parts are other segments' successors
      found.to.clear();
    }
    fates.old.push_back(std::move(found));
  }
  for (int j = 0; j < shared.second; ++j) {
    if (customers_of_new(shared, j) > 0) continue;
    const bool is_empty_too = j < shared.first && fates.old[static_cast<std::size_t>(j)].customers == 0;
    fates.same_old[static_cast<std::size_t>(j)] = is_empty_too ? j : SegmentFates::is_nobody;
  }
  return fates;
}

}  // namespace cardseg::monitor
