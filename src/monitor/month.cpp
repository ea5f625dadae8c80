#include "cardseg/monitor/month.hpp"

#include <algorithm>

#include "cardseg/portfolio/learn_levels.hpp"
#include "monitor/month_counter.hpp"

namespace cardseg::monitor {
namespace {

constexpr int most_levels = 4096;  // of a column whose new ones are named

// Collective. The levels of a column that the fit did not know.
std::vector<NewLevel> find_new_levels(const comm::Communicator& comm, const io::ShardSet& shards,
                                      const portfolio::Column& known, std::int64_t min_cell) {
  portfolio::Column column = known;
  column.levels = {};
  column.levels.are_texts = known.levels.are_texts;
  column.settings.least_customers = min_cell;
  column.settings.min_level = 0.0;
  column.settings.max_levels = most_levels;
  column.settings.unseen = portfolio::Unseen::other;
  std::vector<NewLevel> found;
  std::vector<double> unused;
  if (!portfolio::learn_column_levels(comm, shards, column, unused)) return found;
  for (const portfolio::Level& level : column.levels.known)
    if (std::ranges::find(known.levels.known, level.name, &portfolio::Level::name) == known.levels.known.end())
      found.push_back({level.name, level.customers});
  return found;
}

}  // namespace

Month count_month(const comm::Communicator& comm, const io::ShardSet& shards, const segments::Model& model,
                  core::Events& events) {
  MonthCounter counter(shards, model);
  segments::ScoredShards scored = segments::score_shards(comm, shards, model, events, {}, &counter);
  Month month = counter.total(comm);
  month.shifts = std::move(scored.shifts);
  for (std::size_t c = 0; c < month.columns.size(); ++c) {
    const profile::BaselineColumn& column = model.baseline->columns[c];
    MonthColumn& counted = month.columns[c];
    if (counted.absent.empty() && column.is_category() && counted.counts[0].back() > 0)
      counted.new_levels = find_new_levels(comm, shards, column.column, model.baseline->min_cell);
  }
  return month;
}

}  // namespace cardseg::monitor
