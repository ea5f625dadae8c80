#include "cardseg/profile/disclosed_separation.hpp"

#include <algorithm>
#include <numeric>

#include "cardseg/profile/cell_suppression.hpp"
#include "profile/disclosed_groups.hpp"

namespace cardseg::profile {
namespace {

using Counts = std::vector<std::int64_t>;

std::int64_t sum_of(const Counts& counts) { return std::accumulate(counts.begin(), counts.end(), std::int64_t{0}); }

// [group], the whole first.
Counts with_whole(const Counts& by_segment) {
  Counts all = {sum_of(by_segment)};
  all.insert(all.end(), by_segment.begin(), by_segment.end());
  return all;
}

DisclosedGroups groups_of(const Counts& customers, std::int64_t min_cell) {
  std::vector<Count> sizes;
  for (const std::int64_t size : customers) sizes.push_back({size});
  if (min_cell > 0 && customers[0] < min_cell) return {std::vector<bool>(customers.size(), true), {}, true};
  return make_disclosed_groups(sizes, min_cell);
}

// [group]: whether it is withheld how many are near a border. Then it is, too, how many are not.
std::vector<bool> mask_of(const DisclosedGroups& groups, const Counts& customers, const Counts& near,
                          std::int64_t min_cell) {
  if (min_cell == 0 || groups.is_withheld[0]) return groups.is_withheld;
  std::vector<Counts> cells;
  for (std::size_t g = 0; g < customers.size(); ++g) cells.push_back({near[g], customers[g] - near[g]});
  std::vector<bool> mask;
  for (const std::vector<bool>& row : by_group(groups, withheld_cells(make_table(groups, cells), min_cell)))
    mask.push_back(row[0] || row[1]);
  return mask;
}

Neighbour neighbour_of(std::int64_t customers, const Counts& second, std::int64_t min_cell) {
  const auto most = std::ranges::max_element(second);
  if (most == second.end() || *most == 0 || *most < min_cell) return {};
  const std::int64_t others = customers - *most;
  const bool is_withheld = others > 0 && others < min_cell;
  return {static_cast<int>(most - second.begin()) + 1, {is_withheld ? 0 : *most, is_withheld}};
}

}  // namespace

DisclosedSeparation disclosed(const Separation& exact, const DisclosureOptions& options) {
  const Counts customers = with_whole(exact.customers);
  const Counts near = with_whole(exact.near_border);
  const DisclosedGroups groups = groups_of(customers, options.min_cell);
  const std::vector<bool> mask = mask_of(groups, customers, near, options.min_cell);
  DisclosedSeparation found;
  for (std::size_t g = 0; g < near.size(); ++g) found.near_border.push_back({mask[g] ? 0 : near[g], mask[g]});
  for (std::size_t j = 0; j < exact.customers.size(); ++j) {
    const bool is_unknown = exact.second.empty() || groups.is_withheld[j + 1];
    found.next.push_back(is_unknown ? Neighbour{}
                                    : neighbour_of(exact.customers[j], exact.second[j], options.min_cell));
  }
  return found;
}

}  // namespace cardseg::profile
