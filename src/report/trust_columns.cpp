#include "cardseg/report/trust_columns.hpp"

#include <cmath>
#include <optional>

#include "cardseg/report/csv.hpp"
#include "report/figures.hpp"
#include "report/verdicts.hpp"

namespace cardseg::report {
namespace {

using segments::SegmentColumn;

void add(bool is_told, std::int64_t value, SegmentColumn& column) {
  io::CsvValue& added = column.by_segment.emplace_back();
  if (is_told) added.emplace<std::int64_t>(value);
}

void add(const std::optional<Verdict>& verdict, SegmentColumn& column) {
  io::CsvValue& added = column.by_segment.emplace_back();
  if (verdict) added.emplace<std::string>(verdict->word);
}

// Stability and the verdicts that the whole is made of.
std::vector<SegmentColumn> scorecard_columns(const FitContent& content, const std::vector<SegmentVerdict>& all) {
  SegmentColumn stability{"stability", {}};
  SegmentColumn null{"null_stability", {}};
  SegmentColumn size{"verdict_size", {}};
  SegmentColumn separation{"verdict_separation", {}};
  SegmentColumn stable{"verdict_stability", {}};
  SegmentColumn value{"verdict_value", {}};
  SegmentColumn explained{"verdict_explained", {}};
  const quality::Stability& tested = content.evidence.stability;
  for (std::size_t j = 0; j < all.size(); ++j) {
    stability.by_segment.emplace_back(tested.is_tested() ? tested.at_judged().jaccard[j] : std::nan(""));
    null.by_segment.emplace_back(tested.is_tested() ? tested.at_judged().null_jaccard : std::nan(""));
    add(all[j].size, size);
    add(all[j].separation, separation);
    add(all[j].stability, stable);
    add(all[j].value, value);
    add(all[j].explained, explained);
  }
  return {stability, null, size, separation, stable, value, explained};
}

}  // namespace

std::vector<SegmentColumn> trust_columns(const FitContent& content) {
  SegmentColumn verdict{"verdict", {}};
  SegmentColumn silhouette{"silhouette", {}};
  SegmentColumn near_border{"near_border", {}};
  SegmentColumn next_segment{"next_segment", {}};
  SegmentColumn next_customers{"next_customers", {}};
  const std::vector<SegmentVerdict> all = verdicts(content);
  for (std::size_t j = 0; j < all.size(); ++j) {
    const profile::Count& near = content.evidence.separation.near_border[j + 1];
    const profile::Neighbour& next = content.evidence.separation.next[j];
    verdict.by_segment.emplace_back(all[j].whole.word);
    silhouette.by_segment.emplace_back(content.silhouette(static_cast<int>(j) + 1));
    add(!near.is_withheld, near.customers, near_border);
    add(next.segment > 0, next.segment, next_segment);
    add(next.segment > 0 && !next.customers.is_withheld, next.customers.customers, next_customers);
  }
  std::vector<SegmentColumn> columns = {verdict, silhouette, near_border, next_segment, next_customers};
  for (SegmentColumn& each : scorecard_columns(content, all)) columns.push_back(std::move(each));
  return columns;
}

std::string trust_csv(const FitContent& content) {
  Table table;
  for (const char* key : {"segment", "customers", "judged", "stability", "null_stability", "ratio"})
    table.columns.push_back({key});
  const quality::Stability& tested = content.evidence.stability;
  for (std::size_t s = 0; s < tested.sizes.size(); ++s) {
    const quality::StabilityAtSize& at = tested.sizes[s];
    const auto add_row = [&](int segment, double jaccard) {
      table.rows.push_back(
          {segment, at.customers, s == tested.judged ? 1 : 0, jaccard, at.null_jaccard, at.ratio(jaccard)});
    };
    add_row(0, at.mean_jaccard());
    for (std::size_t j = 0; j < at.jaccard.size(); ++j) add_row(static_cast<int>(j) + 1, at.jaccard[j]);
  }
  return csv(table);
}

}  // namespace cardseg::report
