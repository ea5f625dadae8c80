// The values of a column as its shards and settings mean them: what stands for a missing value is NaN.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cardseg/core/events.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/number_encoder.hpp"
#include "cardseg/portfolio/schema.hpp"

namespace cardseg::portfolio {

/// Local. Replaces the values that are one of `codes` by NaN.
void replace_codes(std::span<const double> codes, std::span<double> values);

/// Local. Warns of a column of whole numbers that holds the least number of its type, by which R and others write
/// missing values, or numbers past 2^53, which features round. `raw` are its facts.
void warn_of_odd_numbers(const io::StoredColumn& column, const RawFacts& raw, core::Events& events);

}  // namespace cardseg::portfolio
