#include "cardseg/report/shards_summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cardseg/report/numbers.hpp"

namespace cardseg::report {
namespace {

constexpr int digits_of_range = 6;

std::string range_text(const portfolio::RawFacts& facts) {
  if (facts.present == 0) return facts.missing > 0 ? "all missing" : "no rows";
  return fmt::format("{} to {}, mean {}{}", shown_number(facts.min, digits_of_range),
                     shown_number(facts.max, digits_of_range), shown_number(facts.mean, digits_of_range),
                     facts.min == facts.max ? ", constant" : "");
}

bool is_used(const Validated::Feature& feature) { return feature.encoder.factor > 0; }

std::string feature_text(const Validated::Feature& feature) {
  const portfolio::ColumnDescription& d = feature.encoder.description;
  return fmt::format("{}: {}, {}, missing {} ({}), weight {}{}", d.name, name_of(d.transform), name_of(d.scale),
                     name_of(d.missing), shown_count(feature.facts.missing), shown_number(d.weight, 6),
                     is_used(feature) ? "" : "; constant or without weight, not used");
}

}  // namespace

Document shards_summary(const io::ShardSet& shards) {
  Document summary;
  summary.add(Paragraph{fmt::format("{}, {}, {}, {}", counted(std::ssize(shards.shards()), "shard"),
                                    counted(shards.rows(), "row"), counted(std::ssize(shards.columns()), "column"),
                                    shown_megabytes(shards.bytes(), 1))});
  Table table;
  table.columns = {{"shard"}, {"rows", Format::count}, {"layout"}, {"filters"}};
  for (const io::ShardPlace& shard : shards.shards())
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
    if (column.facts) row[3] = range_text(*column.facts);
    table.rows.push_back(row);
  }
  Document summary;
  summary.add(table);
  return summary;
}

int Validated::used() const { return static_cast<int>(std::ranges::count_if(features, is_used)); }

Document validate_summary(const Validated& validated) {
  Facts facts;
  facts.facts.push_back({"id", validated.id.empty() ? "none: rows are numbered" : validated.id});
  for (const Validated::Feature& feature : validated.features)
    facts.facts.push_back({"feature", feature_text(feature)});
  for (const std::string& name : validated.text_columns) facts.facts.push_back({"unused", name + " (text)"});
  facts.facts.push_back({"memory", fmt::format("a fit keeps its features {}, {} on the largest rank at most",
                                               validated.storage, shown_megabytes(validated.rank_bytes))});
  facts.facts.push_back({"valid", counted(validated.rows, "customer") + ", " + counted(validated.used(), "feature")});
  Document summary;
  summary.add(facts);
  return summary;
}

}  // namespace cardseg::report
