// What of a comparison may leave the program: disclosure control of the migration matrix and its parts.
#pragma once

#include <string>
#include <vector>

#include "cardseg/monitor/migration.hpp"
#include "cardseg/profile/disclosure.hpp"
#include "cardseg/profile/profile.hpp"

namespace cardseg::monitor {

struct PublishedCell {
  profile::Count customers;
  profile::Figure mass;
  profile::Figure share_of_from;  ///< of the customers that come from there
  profile::Figure value_before;   ///< NaN, too, where there are no values
  profile::Figure value_after;
};

/// Customers who went one way for one reason.
struct PublishedFlow {
  int from = 0;  ///< 0: new
  int to = 0;    ///< 0: closed
  Part part = Part::moved;
  profile::Count customers;
  profile::Figure mass;
  profile::Figure share_of_from;
};

struct PublishedMigration {
  int before = 0;
  int after = 0;
  std::vector<int> same_before;
  Cause cause = Cause::unknown;
  std::vector<profile::Count> from;   ///< customers of each segment before; 0: new
  std::vector<profile::Count> to;     ///< customers of each segment after; 0: closed
  std::vector<PublishedCell> cells;   ///< [from][to]
  std::vector<PublishedFlow> flows;   ///< of all that may be told; a cell whose parts may not is one flow, `moved`
  std::vector<profile::Count> parts;  ///< customers by part
  std::int64_t shared = 0;
  double band = 0.0;
  double adjusted_rand = 0.0;
  double variation_of_information = 0.0;
  bool has_value_before = false;
  bool has_value_after = false;

  const PublishedCell& cell(int from_segment, int to_segment) const {
    return cells[static_cast<std::size_t>(from_segment) * static_cast<std::size_t>(after + 1) +
                 static_cast<std::size_t>(to_segment)];
  }
  const profile::Count& part(Part which) const { return parts[static_cast<std::size_t>(which)]; }
  bool is_same(int from_segment, int to_segment) const {
    return to_segment > 0 && same_before[static_cast<std::size_t>(to_segment - 1)] == from_segment;
  }
};

/// Pure; serial, so the same on all ranks. Cells of few customers are withheld, and as many others as it takes
/// (profile::disclosed, the matrix as a table of segments by segments); likewise parts (a table of cells by parts).
/// Values are withheld of cells that few customers make, or one or two dominate, and further ones until no line has a
/// single one that is withheld. Where anything is, the measures of agreement are rounded to three decimals.
PublishedMigration publish(const Migration& exact, const profile::DisclosureOptions& options);

}  // namespace cardseg::monitor
