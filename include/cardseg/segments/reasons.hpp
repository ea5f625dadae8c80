// Why a customer is in its segment, and the smallest change that would lead to another.
//
//   D_b - D_a = sum over columns of  sum_f (x_f - c_bf)^2 - (x_f - c_af)^2     a the segment, b the second: the reasons
//   x leaves a for j along u where D_j - D_a - 2 t (c_j - c_a).u = 0           a move: u in one or two features
// The cell of a segment is convex: of all borders the first one on the way counts, and there is no shorter way in the
// same features.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/core/option.hpp"
#include "cardseg/io/table.hpp"
#include "cardseg/portfolio/feature_matrix.hpp"
#include "cardseg/segments/model.hpp"

namespace cardseg::segments {

struct ReasonOptions {
  int reasons = 0;                      ///< columns that speak most for a customer's segment, 0 to 20
  bool move = false;                    ///< the smallest change to another segment
  std::vector<std::string> fixed = {};  ///< columns that never move

  bool are_any() const { return reasons > 0 || move; }
};

core::OptionTable describe(ReasonOptions& options);
/// Throws core::Error(usage).
void validate(const ReasonOptions& options);

/// A change of a customer that leads to another segment.
struct Move {
  /// A column's new value, in its own units.
  struct Step {
    int block = -1;  ///< of the model's layout; -1: none
    double to = std::numeric_limits<double>::quiet_NaN();
  };
  int segment = -1;  ///< where it leads, from 0; -1: there is none
  Step steps[2] = {};
  double length = std::numeric_limits<double>::quiet_NaN();  ///< in feature space, as distances are
};

/// How far a move goes beyond the border, in feature space: features are stored rounded.
inline constexpr double beyond_border = 2.5e-4;

/// Gives reasons with a model, which outlives it.
class Reasoner {
 public:
  /// Throws core::Error(usage) where a column that is never to move is no feature.
  Reasoner(const Model& model, const ReasonOptions& options);

  /// Pure. By block of the layout: how much of D_second - D_segment is the column's. `x`: all features.
  std::vector<double> contributions(std::span<const double> x, int segment, int second) const;

  /// Pure. Of columns of numbers that are features, but for those that are fixed: by name, of family demographic or
  /// geographic, or named like a protected attribute. New values lie within the columns' ranges at the fit. One column
  /// moves, or two where that is shorter by a quarter or more: of pairs among the three columns in which the centres
  /// of two segments differ most. What a move leads to was scored: encoded as the model stores features, by the
  /// definition of the nearest.
  Move move(std::span<const double> x, int segment) const;

  const ReasonOptions& options() const { return options_; }
  const Model& model() const { return model_; }

 private:
  struct Movable {
    int block = 0;
    int feature = 0;
    int indicator = -1;  ///< the feature that says that a value is missing: then it does not move
    double low = 0.0;    ///< in feature space
    double high = 0.0;
  };
  struct Way;

  double difference(int segment, int other, std::size_t movable) const;
  Way shortest_single(std::span<const double> x, int segment, std::span<const double> behind) const;
  Way shortest_pair(std::span<const double> x, int segment, std::span<const double> behind) const;
  bool is_allowed(std::span<const double> x, const Way& way) const;
  Move scored(std::span<const double> x, int segment, const Way& way) const;

  const Model& model_;
  ReasonOptions options_;
  std::vector<Movable> movable_;
  std::vector<std::vector<int>> widest_;  ///< [segment * k + other]: movable features with most different centres
};

/// A column of labels or of a list beside the usual ones: numbers, or words of which `values` are the places.
struct ReasonColumn {
  io::ColumnSpec spec;
  std::vector<std::string> words = {};
  std::vector<double> values = {};  ///< of some rows; of words NaN: none

  /// Pure. The values [begin, end) as they are stored.
  io::ColumnValues stored(std::span<const double> values_of_rows) const;
};

/// Pure. The columns, without rows: reason_1, reason_1_part, ..., move_segment, move_1, move_1_to, move_2, move_2_to,
/// move_length.
std::vector<ReasonColumn> reason_columns(const Reasoner& reasoner);
/// Pure. A customer's values, one for each of these columns: places of words and numbers; NaN, or of move_segment 0,
/// where there is none. `segment` -1: there are none at all; `second` -1: there is no other segment.
std::vector<double> reason_values(const Reasoner& reasoner, std::span<const double> x, int segment, int second);
/// Pure. Whether a column of labels may be one of these.
bool is_reason_column(const std::string& name);

/// Local. Appends the rows of a matrix whose scores are `scores`, from `first` on. 8 bytes a row and column.
template <class T>
void append_reasons(const Reasoner& reasoner, const portfolio::FeatureMatrix<T>& matrix, const cluster::Scores& scores,
                    std::int64_t first, std::vector<ReasonColumn>& columns);

}  // namespace cardseg::segments
