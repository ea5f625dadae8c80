// From a column's raw values to its block of features and back: fitted once on a portfolio, stored in the model, used
// again to score.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "cardseg/portfolio/column_facts.hpp"
#include "cardseg/portfolio/number_encoder.hpp"
#include "cardseg/portfolio/schema.hpp"

namespace cardseg::portfolio {

/// All ways of encoding a column. A kind of column that needs another one adds it here, and the compiler names the
/// places that must know it.
using Encoder = std::variant<NumberEncoder>;

/// Pure. The number of features in the column's block; 0 where the column cannot tell customers apart.
int width(const Encoder& encoder);
/// Pure. The block of a raw number, `width` features. NaN where the value cannot be encoded.
void encode(const Encoder& encoder, double raw, std::span<double> block);
/// Pure. The raw value that a block of `width` features stands for. Precondition: width > 0.
double decode(const Encoder& encoder, std::span<const double> block);
/// Pure. The name of each feature of the block: the column's own where there is one.
std::vector<std::string> feature_names(const Encoder& encoder, const std::string& column);

/// JSON text of an encoder without the column's settings; the same encoder gives the same text.
std::string to_json(const Encoder& encoder);
/// The inverse. Throws std::exception where the text is no encoder.
Encoder encoder_from_json(const std::string& text, const ColumnSettings& settings);

/// A column after a portfolio was read: what it is now and, of a feature, how it is encoded and what was found in it.
struct FittedColumn {
  Column column;      ///< a feature that turned out constant is now unused, with the reason
  Encoder encoder;    ///< of columns that are, or were to be, features
  ColumnFacts facts;  ///< likewise

  bool is_feature() const { return column.role == Role::feature; }
};

}  // namespace cardseg::portfolio
