#include "cardseg/report/shards_summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cardseg/report/numbers.hpp"
#include "cardseg/report/roles_summary.hpp"
#include "cardseg/report/run_summary.hpp"

namespace cardseg::report {
namespace {

constexpr int digits_of_range = 6;

std::string range_text(const portfolio::RawFacts& facts, const portfolio::ValueRange& range) {
  if (facts.present == 0) return facts.missing > 0 ? "all missing" : "no rows";
  return fmt::format("{} to {}, mean {}{}", shown_number(range.low, digits_of_range),
                     shown_number(range.high, digits_of_range), shown_number(facts.mean, digits_of_range),
                     facts.min == facts.max ? ", constant" : "");
}

bool is_used(const portfolio::FittedColumn& column) {
  return column.is_feature() && portfolio::width(column.encoder) > 0;
}

std::string level_text(const portfolio::Levels& levels) {
  std::string text = counted(std::ssize(levels.known), "level");
  if (levels.other > 0) text += ", (other) " + shown_count(levels.other);
  if (levels.missing > 0) text += ", (missing) " + shown_count(levels.missing);
  return text;
}

std::string feature_text(const portfolio::FittedColumn& feature) {
  const portfolio::ColumnSettings& settings = feature.column.settings;
  if (feature.column.kind == portfolio::Kind::category)
    return fmt::format("{}: category of {}, weight {}{}", feature.column.name, level_text(feature.column.levels),
                       shown_number(settings.weight, 6), is_used(feature) ? "" : "; not used, because it is constant");
  return fmt::format("{}: {}, {}, missing {} ({}), weight {}{}", feature.column.name, name_of(settings.transform),
                     name_of(settings.scale), name_of(settings.missing), shown_count(feature.facts.missing),
                     shown_number(settings.weight, 6),
                     is_used(feature) ? "" : "; not used, because it is constant or has no weight");
}

}  // namespace

Document shards_summary(const io::ShardSet& shards) {
  Document summary;
  summary.add(Paragraph{fmt::format("{}, {}, {}, {}", counted(std::ssize(shards.shards()), "shard"),
                                    counted(shards.rows(), "row"), counted(std::ssize(shards.columns()), "column"),
                                    shown_megabytes(shards.bytes(), 1))});
  Table table;
  table.columns = {{"shard"}, {"rows", Format::count}, {"layout"}, {"filters"}};
  for (const io::PlacedShard& shard : shards.shards())
    table.rows.push_back(
        {shard.header.path.filename().string(), shard.header.rows, name_of(shard.header.layout), shard.header.filters});
  summary.add(table);
  return summary;
}

Document columns_summary(const std::vector<InspectedColumn>& columns) {
  Table table;
  table.columns = {{"column"}, {"type"}, {"missing", Format::count}, {"range"}};
  for (const InspectedColumn& column : columns) {
    std::vector<Cell> row = {column.name, column.stored_type, "", ""};
    if (column.facts && column.facts->missing > 0) row[2] = column.facts->missing;
    if (column.facts && column.facts->missing == 0) row[2] = nothing;
    if (column.facts) row[3] = range_text(*column.facts, column.range);
    table.rows.push_back(row);
  }
  Document summary;
  summary.add(table);
  return summary;
}

int Validated::used() const { return static_cast<int>(std::ranges::count_if(columns, is_used)); }

Document validate_summary(const Validated& validated) {
  Facts facts;
  const auto id = std::ranges::find(validated.columns, portfolio::Role::id,
                                    [](const portfolio::FittedColumn& each) { return each.column.role; });
  facts.facts.push_back({"id", shown_id(id == validated.columns.end() ? "" : id->column.name)});
  if (const portfolio::Population& population = validated.population; !population.is_everybody())
    facts.facts.push_back({"filter", population_text(population, validated.rows + population.not_segmented)});
  for (const portfolio::FittedColumn& each : validated.columns) {
    if (each.is_feature()) facts.facts.push_back({"feature", feature_text(each)});
    if (each.column.is_value()) facts.facts.push_back({"value", each.column.name});
    if (each.column.role == portfolio::Role::profile && each.column.reason.empty())
      facts.facts.push_back({"excluded", each.column.name});
    if (!each.column.reason.empty())
      facts.facts.push_back({"left out", fmt::format("{} ({})", each.column.name, each.column.reason)});
  }
  facts.facts.push_back({"memory", fmt::format("a fit keeps its features {}, {} on the largest rank at most",
                                               validated.storage, shown_megabytes(validated.rank_bytes))});
  facts.facts.push_back({"valid", counted(validated.rows, "customer") + ", " + counted(validated.used(), "feature")});
  Document summary;
  summary.add(facts);
  return summary;
}

}  // namespace cardseg::report
