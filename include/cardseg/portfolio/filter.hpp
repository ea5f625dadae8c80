// Which customers a rule means: tenure_months >= 6 and status = "open".
//
//   rule       = and-rule { "or" and-rule }
//   and-rule   = not-rule { "and" not-rule }
//   not-rule   = [ "not" ] ( "(" rule ")" | comparison )
//   comparison = column ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
//              | column [ "not" ] "in" "(" value { "," value } ")"
//              | column "is" [ "not" ] "missing"
//
// A column is a word, or in quotes where it has blanks or marks in it; a value is a number, a text in quotes, true or
// false of flags, or of dates "2026-09-30". A comparison with a missing value is neither true nor false, as in SQL:
// neither it nor its opposite selects a customer.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cardseg/core/range.hpp"
#include "cardseg/io/shard_set.hpp"

namespace cardseg::portfolio {

/// The raw values that stand for a missing one, by column.
using MissingCodes = std::map<std::string, std::vector<double>>;

/// What SQL calls true, false and unknown.
enum class FilterTruth : std::uint8_t { is_false, is_true, is_unknown };

class Filter {
 public:
  /// Pure. `name` is how messages call the rule: "where". Throws core::Error(config) where the rule cannot be read,
  /// naming the place by its first bytes.
  Filter(std::string name, const std::string& rule);

  /// The columns that it compares, each once, in their order in the rule.
  std::vector<std::string> columns() const;

  /// Pure. Throws core::Error(config) where there is no such column (naming the nearest), or where it compares a column
  /// with what it does not hold: text with numbers, the order of texts, a date that is none.
  void check(const std::vector<io::StoredColumn>& columns) const;

  /// Local. One byte for each of the rows: 1 where the rule is true. Reads in blocks of 65,536 rows. Precondition:
  /// check() passed for the shards. Throws what io::ShardSet throws.
  std::vector<std::uint8_t> matches(const io::ShardSet& shards, core::Range rows,
                                    const MissingCodes& missing_codes = {}) const;

 private:
  friend class FilterParser;

  enum class Test { equal, less, less_or_equal, one_of, missing };
  /// A comparison, or what is made of others: their places in nodes_.
  struct Node {
    enum class Kind { comparison, negation, conjunction, disjunction } kind = Kind::comparison;
    std::vector<std::size_t> parts = {};
    std::string column = {};
    Test test = Test::equal;
    std::vector<double> numbers = {};
    std::vector<std::string> texts = {};
  };
  struct BlockOfColumns;

  BlockOfColumns read(const io::ShardSet& shards, core::Range rows, const MissingCodes& missing_codes) const;
  static FilterTruth combined(const Node& node, const std::vector<FilterTruth>& truths);

  std::string name_;
  std::vector<Node> nodes_;  ///< the last one is the whole rule
};

}  // namespace cardseg::portfolio
