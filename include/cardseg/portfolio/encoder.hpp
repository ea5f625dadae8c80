// From a column's raw values to its block of features and back: fitted once on a portfolio, stored in the model, used
// again to score.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cardseg/portfolio/category_encoder.hpp"
#include "cardseg/portfolio/column_facts.hpp"
#include "cardseg/portfolio/number_encoder.hpp"
#include "cardseg/portfolio/schema.hpp"

namespace cardseg::portfolio {

/// All ways of encoding a column. A kind of column that needs another one adds it here, and the compiler names the
/// places that must know it.
using Encoder = std::variant<NumberEncoder, CategoryEncoder>;

/// Pure. The number of features in the column's block; 0 where the column cannot tell customers apart.
int width(const Encoder& encoder);
/// Pure. What the feature at `place` in the block, from 0, also a centroid's, stands for in the column's own terms: a
/// number, or where is_share() the share of customers with a level, or without a value. Precondition: width > place.
double decode(const Encoder& encoder, int place, double feature);
/// Pure. The inverse. NaN where the value cannot be encoded.
double encode(const Encoder& encoder, int place, double original);
/// Pure.
bool is_share(const Encoder& encoder, int place);

/// JSON text of an encoder without the column's settings; the same encoder gives the same text.
std::string to_json(const Encoder& encoder);
/// The inverse. Throws std::exception where the text is no encoder.
Encoder encoder_from_json(const std::string& text, const ColumnSettings& settings);

/// Of the total variance of all features, 0 to 1.
struct VarianceShare {
  double unweighted = 0.0;  ///< as if every column weighed 1
  double weighted = 0.0;
};

/// A column after a portfolio was read: what it is now and, of a feature, how it is encoded and what was found in it.
struct FittedColumn {
  Column column;      ///< a feature that turned out constant is now unused, with the reason
  Encoder encoder;    ///< of columns that are, or were to be, features
  ColumnFacts facts;  ///< likewise
  std::optional<VarianceShare> variance_share = {};  ///< of features, where it is known (variance_shares.hpp)

  bool is_feature() const { return column.role == Role::feature; }
};

/// Pure. The level that the feature at a place in the column's block is the share of: "north", "(other)", "(missing)".
/// Precondition: is_share().
std::string level_at(const FittedColumn& column, int place);

/// Pure. The name of the feature at a place in the column's block: "balance", "region=north", "balance=(missing)".
std::string feature_name(const FittedColumn& column, int place);

/// The names of levels that are none of the portfolio's own.
inline constexpr const char* other_level = "(other)";
inline constexpr const char* missing_level = "(missing)";

}  // namespace cardseg::portfolio
