// What later months are compared with: how the customers of a fit were distributed, in bins whose edges are frozen.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/comm/communicator.hpp"
#include "cardseg/portfolio/schema.hpp"
#include "cardseg/profile/disclosure.hpp"
#include "cardseg/profile/principal_space.hpp"
#include "cardseg/profile/profile.hpp"

namespace cardseg::profile {

/// Bins of a column beside those of missing values and of zeros.
inline constexpr int most_baseline_bins = 20;

/// The cells that a column's customers lie in: 0 those without a value; then, of a category, one of each known level
/// and, last, one of all others; of numbers 1 those whose value is 0, then the bins of all others.
struct BaselineColumn {
  portfolio::Column column;   ///< how it is read: name, role, kind, missing codes, levels
  std::vector<double> edges;  ///< of numbers, rising: bin i holds the values above edges[i - 1] and up to edges[i]
  double low = std::numeric_limits<double>::quiet_NaN();   ///< of numbers: where the first bin is taken to begin and
  double high = std::numeric_limits<double>::quiet_NaN();  ///< the last to end
  std::vector<std::vector<Count>> counts;                  ///< [group][cell]; the whole first

  static constexpr std::size_t missing_cell = 0;
  static constexpr std::size_t zero_cell = 1;   ///< of numbers
  static constexpr std::size_t first_cell = 2;  ///< of numbers: of the first bin

  /// Whether cells are levels; those of an ordinal are its scores, which are numbers.
  bool is_category() const { return column.kind == portfolio::Kind::category; }
  std::size_t cells() const { return counts.front().size(); }
  /// Pure. The cell of a raw number, as portfolio::read_levels() gives those of categories; NaN is missing.
  std::size_t cell_of(double raw) const;
};

/// A total by segment, the whole first.
struct BaselineValue {
  std::string column;
  std::vector<Figure> total;
  std::vector<Figure> mean;
};

/// Of a group's customers; withheld where too few lie below or above.
struct ScoreQuantiles {
  std::array<Figure, quantile_shares.size()> distance;  ///< Euclidean, to the own centroid
  std::array<Figure, quantile_shares.size()> margin;
};

struct Baseline {
  std::int64_t min_cell = 0;     ///< no count tells of fewer customers
  std::vector<Count> customers;  ///< [group]
  std::vector<BaselineColumn> columns;
  std::vector<BaselineValue> values;
  std::vector<ScoreQuantiles> scores;  ///< [group]
  std::optional<PrincipalSpace> space;

  int segments() const { return static_cast<int>(customers.size()) - 1; }
};

/// Pure; serial, so the same on all ranks. The columns of an exact profile as they may leave the program. Edges are
/// percentiles of all values, as many as part the values other than 0 into bins of about 1/20 of them; between edges,
/// below the first and above the last lie `min_cell` customers or more. `low` and `high` are the 0.1 % and 99.9 %
/// quantiles; those of 1 % and 99 %, else the outermost edges, where fewer than `min_cell` customers lie beyond; NaN
/// where there are no edges. Counts of 1 to `min_cell` - 1 customers are withheld, and as many others as
/// withheld_cells() needs. Dates, and columns without a value, are left out.
std::vector<BaselineColumn> baseline_columns(const Profile& exact, const DisclosureOptions& options);

/// Pure. Totals and means of the value columns, as they are published.
std::vector<BaselineValue> baseline_values(const Profile& published);

/// Collective. The quantiles of distances and margins, whole and by segment. Cost: two passes as of a profile's column.
std::vector<ScoreQuantiles> score_quantiles(const comm::Communicator& comm, const cluster::Scores& local_scores,
                                            const std::vector<Count>& customers, const DisclosureOptions& options);

}  // namespace cardseg::profile
