// How strongly segments and columns go together, of exact counts and sums.
#pragma once

#include <cstdint>
#include <vector>

namespace cardseg::profile {

/// Customers by row (segment) and column (level).
using CountTable = std::vector<std::vector<std::int64_t>>;

/// Pure. Squared Cramer's V of a table: chi^2 / (n min(r - 1, c - 1)) over its r rows and c columns with customers
/// (Cramer 1946); NaN where either is fewer than two.
double squared_cramers_v(const CountTable& table);

/// Pure. Cramer's V of being in the group rather than in the rest of the whole, against the levels; 0 where all
/// customers are in the group, or have one level. Both: customers by level, those of the group counted in `whole`.
double cramers_v_of_group(const std::vector<std::int64_t>& group, const std::vector<std::int64_t>& whole);

/// Pure. The sum over levels of the lesser share, 0 to 1; NaN where either has no customer.
double overlap_of(const std::vector<std::int64_t>& group, const std::vector<std::int64_t>& whole);

}  // namespace cardseg::profile
