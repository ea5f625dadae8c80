// The values of a column as its shards and settings mean them: what stands for a missing value is NaN.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/io/shard_set.hpp"
#include "cardseg/portfolio/number_encoder.hpp"
#include "cardseg/portfolio/schema.hpp"

namespace cardseg::portfolio {

/// Local. Replaces the values that are one of `codes`, which differ, by NaN. Returns how many were each of them.
std::vector<std::int64_t> replace_codes(std::span<const double> codes, std::span<double> values);

/// How often the codes of columns stand for a missing value: one that never does may be mistyped.
class CodeUse {
 public:
  /// Local. `replaced`: what replace_codes() returned for this rank's rows of a feature.
  void add(const Column& column, const std::vector<std::int64_t>& replaced);
  /// Collective. Warns of every code of a column that does not occur there, and of every code of the whole portfolio
  /// that occurs in no column which has it.
  void warn(const comm::Communicator& comm, core::Events& events) const;

 private:
  struct Code {
    std::string column;  // empty: of all columns that have none of their own
    double code = 0.0;
    std::int64_t rows = 0;
  };

  std::vector<Code> codes_;
};

/// Local. Warns of a column of whole numbers that holds the least number of its type, by which R and others write
/// missing values, or numbers past 2^53, which features round. `raw` are its facts.
void warn_of_odd_numbers(const io::StoredColumn& column, const RawFacts& raw, core::Events& events);

}  // namespace cardseg::portfolio
