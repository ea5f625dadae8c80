#include "cardseg/report/trust_columns.hpp"

#include "report/figures.hpp"
#include "report/verdicts.hpp"

namespace cardseg::report {
namespace {

void add(bool is_told, std::int64_t value, segments::SegmentColumn& column) {
  io::CsvValue& added = column.by_segment.emplace_back();
  if (is_told) added.emplace<std::int64_t>(value);
}

}  // namespace

std::vector<segments::SegmentColumn> trust_columns(const FitContent& content) {
  segments::SegmentColumn verdict{"verdict", {}};
  segments::SegmentColumn silhouette{"silhouette", {}};
  segments::SegmentColumn near_border{"near_border", {}};
  segments::SegmentColumn next_segment{"next_segment", {}};
  segments::SegmentColumn next_customers{"next_customers", {}};
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
  return {verdict, silhouette, near_border, next_segment, next_customers};
}

}  // namespace cardseg::report
