// Synthetic card portfolios of any size with known segments: the same rows for any number of ranks, threads and shards.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cardseg/comm/communicator.hpp"
#include "cardseg/core/events.hpp"
#include "cardseg/core/option.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/io/table.hpp"

namespace cardseg::generate {

struct GeneratorOptions {
  std::int64_t customers = 100000;        ///< rows of the portfolio, 0 to 10^12 - 1
  std::int64_t rows_per_shard = 1000000;  ///< customers in every shard but the last, 1 to 10^9; at most 99,999 shards
  std::uint64_t seed = 1;                 ///< another seed gives other customers with the same segments; any number
  /// Further numeric columns spend_category_001 and on, 0 to 999. Each adds a little to what tells segments apart.
  int extra_features = 0;
  int segments = 8;  ///< archetypes that customers come from, the largest first, 2 to 8
  /// 0 to 10. 1: realistic overlap. Below 1 the segments' typical values approach each other; at 0 all segments are
  /// alike. Above 1 typical values stay, customers scatter less about them and what was rare becomes unheard of: from 2
  /// the true segments are what k-means on standardised columns should find. A column that none of a few segments uses,
  /// such as cash_advance for 2 or 3 segments, may then be zero throughout.
  double separation = 1.0;
  double missing_share = 0.02;  ///< share of missing values in the columns that have gaps, 0 to 0.25
  int deflate_level = 0;        ///< compression of the shards, 0 (none) to 9
  /// Months after the portfolio's own, 0 to 1,200: the same customers, who are and tend to be what they were, and what
  /// they did in another year; tenure grows.
  int month = 0;
  /// What goes differently from what was, as text (docs/watching.md): "drift:purchases:1.2", "feed:payments", ...
  std::vector<std::string> shifts = {};
  std::filesystem::path output_directory = {};  ///< gets shards/, truth/ and description.ini
  bool overwrite = false;                       ///< replace an earlier generated portfolio of this name
};

/// Without the output directory, which jobs say in their own way.
core::OptionTable describe(GeneratorOptions& options);

/// Local. Throws core::Error(usage) that names the field, its value and what is allowed.
void validate(const GeneratorOptions& options);

/// One segment of a generated portfolio, as it was meant to be.
struct GeneratedSegment {
  int number = 0;              ///< from 1, the largest first
  std::string name;            ///< "transactors"
  std::string description;     ///< one line
  double share = 0;            ///< expected share of the customers
  std::int64_t customers = 0;  ///< counted; 0 before rows were counted
};

/// Makes customers. A value depends on the options seed, segments, separation and missing_share, and on its row and
/// column alone: neither on how many customers or further columns there are nor on who asks for which rows.
///
/// `rows` and what is said of a row change with the options month and shifts, which the ids do not.
///
/// Model: a customer belongs to one archetype; three standard normal latent factors (affluence, activity, stress) move
/// amounts and shares within it, so that columns correlate; amounts are lognormal and often exactly zero. Amounts are
/// for the last 12 months, in whole cents of one currency. One libm gives one set of bytes (exp, log).
class PortfolioGenerator {
 public:
  /// Throws like `validate`.
  explicit PortfolioGenerator(const GeneratorOptions& options);
  ~PortfolioGenerator();
  PortfolioGenerator(PortfolioGenerator&&) noexcept;
  PortfolioGenerator& operator=(PortfolioGenerator&&) noexcept;
  PortfolioGenerator(const PortfolioGenerator&) = delete;
  PortfolioGenerator& operator=(const PortfolioGenerator&) = delete;

  /// Columns of `rows`: customer_id, the standard columns, then the further ones.
  const std::vector<io::ColumnSpec>& columns() const;
  /// Columns of `truth`: customer_id, segment (1 and up), segment_name; with shifts that move customers also
  /// moved_from, the segment before, or 0 of who stayed.
  const std::vector<io::ColumnSpec>& truth_columns() const;
  const std::vector<GeneratedSegment>& segments() const;

  /// Local. The customers [rows.begin, rows.end); the range may go beyond the `customers` option. Threads share the
  /// rows.
  io::Block rows(const core::Range& rows) const;
  /// Local. The true segments of the same customers.
  io::Block truth(const core::Range& rows) const;
  /// Local. The true segment of one customer, from 1, after moves.
  int segment_of(std::int64_t row) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A portfolio description (INI) for the generated columns: id, value and excluded columns, family and transform.
std::string generated_description(const GeneratorOptions& options);

struct GeneratorReport {
  std::int64_t customers = 0;
  std::int64_t shards = 0;
  std::int64_t columns = 0;  ///< of a shard, the id among them
  std::vector<GeneratedSegment> segments;
};

/// Collective over comm. Whole shards are shared out over the ranks, so at most as many ranks as shards have work.
/// Writes
///     <output>/shards/portfolio-00000-of-00007.h5   the customers; name order is row order
///     <output>/truth/portfolio-00000-of-00007.h5    the same customers' segments, same names, same order
///     <output>/truth/segments.csv                   number, name, description, share, customers
///     <output>/truth/shifts.csv                     where there are shifts: kind, column, level, from, to, value
///     <output>/description.ini
/// All or nothing: files are written beside the output directory, which gets its name when all are complete. Bytes do
/// not depend on ranks or threads. The directory's parent must be one that all ranks see.
///
/// Throws on all ranks core::Error: usage, cannot_create (the output exists, or is not a generated portfolio where it
/// is to be overwritten), permission, io.
GeneratorReport generate_portfolio(const comm::Communicator& comm, const GeneratorOptions& options,
                                   core::Events& events);

}  // namespace cardseg::generate
