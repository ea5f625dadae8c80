// How customers moved from one segmentation to another, in whole customers, and why.
//
// A customer of segment a before and b after is asked two more questions where both models and both months are there:
//   o  the segment that the model before gives the values after,
//   n  the segment that the model after gives the values before.
// A move (a and b are not the same) is split like this, the first that fits:
//   border       margin before + margin after <= band: nearer to the border than the month's noise
//   customer     o != a and n == a: the values changed, and both models move them for it
//   model        o == a and n != a: on the same values the models differ
//   both         o != a and n != a: either alone moves the customer
//   interaction  o == a and n == a: neither alone does
// Parts of a move add up to it, by definition.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/enum_names.hpp"
#include "cardseg/monitor/joined_customers.hpp"

namespace cardseg::monitor {

/// What became of a customer. stay: the same segment. moved: another, and it is not known why. entered: is not there
/// before. closed: is not there after.
enum class Part { stay, border, customer, model, both, interaction, moved, entered, closed };
inline constexpr int parts = 9;
/// As files have them.
inline constexpr core::EnumNames<Part> part_names = {"stay",        "border", "customer", "model", "both",
                                                     "interaction", "moved",  "new",      "closed"};
inline const char* name_of(Part part) { return part_names[part]; }
/// Pure. Another segment, for whatever reason.
inline bool is_move(Part part) { return part > Part::stay && part < Part::entered; }

/// What is known of why customers move.
enum class Cause {
  unknown,   ///< nothing
  customer,  ///< one model gave both labels: values changed
  scored,    ///< each model scored the other's month
};

struct MoveRules {
  Cause cause = Cause::unknown;
  /// Of each segment after, from 1 at index 0, the segment before that is the same one; 0: there is none.
  std::vector<int> same_before;
  std::optional<double> band;  ///< none: the median change of margin of customers who stay
  bool has_margins = true;     ///< of both sides; without them nothing is on the border
};

/// Pure. Rules by which segments of one number are the same.
std::vector<int> same_numbers(int before, int after);
/// Pure. Rules by which those are the same that share most customers (matching.hpp).
std::vector<int> same_by_customers(const quality::Contingency& shared);

/// Customers who went one way.
struct Moved {
  std::int64_t customers = 0;
  double mass = 0.0;
  /// NaN where there are no values. Missing values count as 0.
  double value_before = 0.0;
  double value_after = 0.0;
  /// Of values before and after: customers with another value than 0, the largest magnitudes, and the sum of all.
  struct Weight {
    std::int64_t customers = 0;
    double largest = 0.0;
    double second = 0.0;
    double all = 0.0;
  };
  Weight before;
  Weight after;
};

/// Everything that a comparison counts; exact and the same on all ranks.
struct Migration {
  int before = 0;  ///< segments
  int after = 0;
  std::vector<int> same_before;                 ///< as MoveRules::same_before
  std::vector<std::int64_t> customers_of_part;  ///< [from][to][part]: from 0 is new, to 0 is closed
  std::vector<double> mass_of_part;             ///< likewise
  std::vector<Moved> cells;                     ///< [from][to]
  double band = 0.0;                            ///< of Part::border
  double adjusted_rand = 0.0;                   ///< of customers on both sides
  double variation_of_information = 0.0;        ///< likewise, in nats (Meila 2007)
  std::int64_t shared = 0;                      ///< customers on both sides
  bool has_value_before = false;
  bool has_value_after = false;
  Cause cause = Cause::unknown;

  std::size_t cell(int from, int to) const {
    return static_cast<std::size_t>(from) * static_cast<std::size_t>(after + 1) + static_cast<std::size_t>(to);
  }
  std::int64_t customers(int from, int to, Part part) const {
    return customers_of_part[cell(from, to) * parts + static_cast<std::size_t>(part)];
  }
  double mass(int from, int to, Part part) const {
    return mass_of_part[cell(from, to) * parts + static_cast<std::size_t>(part)];
  }
  std::int64_t customers_in(Part part) const;
  std::int64_t customers_before(int from) const;  ///< of a segment from 1; 0: those that are new
  std::int64_t customers_after(int to) const;     ///< of a segment from 1; 0: those that closed
  /// Whether a customer of `from` who is in `to` has stayed.
  bool is_same(int from, int to) const { return to > 0 && same_before[static_cast<std::size_t>(to - 1)] == from; }
};

/// A comparison, and what became of each joined customer.
struct CountedMoves {
  Migration migration;
  std::vector<Part> local_parts;  ///< one for each of JoinedCustomers::local()
};

/// Collective.
CountedMoves count_moves(const comm::Communicator& comm, const JoinedCustomers& joined, const MoveRules& rules,
                         bool has_value_before, bool has_value_after);

/// Pure. H(first) + H(second) - 2 I(first, second) in nats: 0 where both are the same grouping.
double variation_of_information(const quality::Contingency& table);

}  // namespace cardseg::monitor
