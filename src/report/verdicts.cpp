#include "report/verdicts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cardseg/portfolio/column_label.hpp"
#include "cardseg/report/numbers.hpp"
#include "report/figures.hpp"

namespace cardseg::report {
namespace {

void judge_size(const FitContent& content, int segment, SegmentVerdict& verdict) {
  const profile::Count& customers = content.profile.customers[static_cast<std::size_t>(segment)];
  const double share = share_of(customers, content.profile.customers[0]);
  if (customers.is_withheld || customers.customers < content.least_customers()) {
    verdict.size = {Light::poor, "too small"};
    verdict.size_reason = fmt::format("fewer than {} customers", content.least_customers());
    return;
  }
  verdict.size_reason = fmt::format("{}, {} of all", counted(customers.customers, "customer"), shown_share(share));
  const portfolio::TrustThresholds& from = content.evidence.thresholds;
  if (customers.customers < from.few_customers)
    verdict.size = {Light::poor, "too small"};
  else if (share < from.small_share)
    verdict.size = {Light::fair, "small"};
  else if (share > from.large_share && content.profile.segments > 2)
    verdict.size = {Light::fair, "large"};
  else
    verdict.size = {Light::good, "large enough"};
}

void judge_separation(const FitContent& content, int segment, SegmentVerdict& verdict) {
  const double silhouette = content.silhouette(segment);
  if (!std::isfinite(silhouette) || verdict.size.word == "too small") {
    verdict.separation = {Light::poor, "not shown"};
    verdict.separation_reason =
        content.profile.segments > 1 ? "too few customers to tell" : "there is no other segment";
    return;
  }
  const auto at = static_cast<std::size_t>(segment);
  const double near = share_of(content.evidence.separation.near_border[at], content.profile.customers[at]);
  verdict.separation_reason = "silhouette " + shown_fixed(silhouette, 2);
  if (std::isfinite(near))
    verdict.separation_reason += fmt::format(", {} of its customers near a border", shown_share(near));
  verdict.separation = separation_verdict(silhouette, content.evidence.thresholds);
}

Verdict verdict_on(double ratio, const portfolio::TrustThresholds& from) {
  return ratio >= from.stable_ratio ? Verdict{Light::good, "stable beyond chance"}
                                    : Verdict{Light::poor, "not beyond chance"};
}

void judge_stability(const FitContent& content, int segment, SegmentVerdict& verdict) {
  const quality::Stability& stability = content.evidence.stability;
  if (!stability.is_tested()) return;
  const quality::StabilityAtSize& at = stability.at_judged();
  const double jaccard = at.jaccard[static_cast<std::size_t>(segment - 1)];
  if (std::isnan(jaccard)) {
    verdict.stability = {Light::fair, "not known"};
    verdict.stability_reason =
        fmt::format("resamples of {} hold fewer than {} of its customers", shown_count(at.customers),
                    shown_count(content.evidence.thresholds.segment_customers));
    return;
  }
  verdict.stability = verdict_on(at.ratio(jaccard), content.evidence.thresholds);
  verdict.stability_reason =
      fmt::format("found again with {}, chance with {}", shown_fixed(jaccard, 2), shown_fixed(at.null_jaccard, 2));
}

void judge_value(const FitContent& content, int segment, SegmentVerdict& verdict) {
  const profile::ColumnProfile* column = value_column(content.profile);
  if (column == nullptr) return;
  const double times = number_of(column->numbers[static_cast<std::size_t>(segment)].index) / 100;
  if (!std::isfinite(times)) return;
  verdict.value_reason = fmt::format("{} of the average {}", shown_factor(times), portfolio::label_of(column->column));
  verdict.value = std::abs(times - 1) >= content.evidence.thresholds.distinct_value
                      ? Verdict{Light::good, "distinct in value"}
                      : Verdict{Light::fair, "of average value"};
}

void judge_explanation(const FitContent& content, const profile::Explained& explained, SegmentVerdict& verdict) {
  if (!std::isfinite(explained.own_share)) return;
  verdict.explained_reason =
      fmt::format("thresholds give {} of its customers their segment", shown_share(explained.own_share));
  verdict.explained = explained.own_share >= content.evidence.thresholds.explained_share
                          ? Verdict{Light::good, "explainable"}
                          : Verdict{Light::fair, "hard to explain"};
}

Verdict whole_of(const SegmentVerdict& verdict) {
  Light light = std::max(verdict.size.light, verdict.separation.light);
  if (verdict.stability && verdict.stability->light != Light::good) light = std::max(light, Light::fair);
  switch (light) {
    case Light::good: return {Light::good, "solid"};
    case Light::fair: return {Light::fair, "usable"};
    case Light::poor: return {Light::poor, "weak"};
  }
  return {};
}

}  // namespace

Verdict separation_verdict(double silhouette, const portfolio::TrustThresholds& from) {
  const double shown = std::round(100 * silhouette) / 100;
  if (shown >= from.clear_silhouette) return {Light::good, "clear"};
  if (shown >= from.blurred_silhouette) return {Light::fair, "overlapping"};
  return {Light::poor, "blurred"};
}

std::vector<SegmentVerdict> verdicts(const FitContent& content) {
  std::vector<SegmentVerdict> all;
  const std::vector<profile::Explained> explained = content.evidence.rules.explained();
  for (int segment = 1; segment <= content.profile.segments; ++segment) {
    SegmentVerdict verdict;
    judge_size(content, segment, verdict);
    judge_separation(content, segment, verdict);
    judge_stability(content, segment, verdict);
    judge_value(content, segment, verdict);
    const auto at = static_cast<std::size_t>(segment - 1);
    if (at < explained.size()) judge_explanation(content, explained[at], verdict);
    verdict.whole = whole_of(verdict);
    all.push_back(std::move(verdict));
  }
  return all;
}

std::optional<Verdict> stability_of_all(const FitContent& content) {
  const quality::Stability& stability = content.evidence.stability;
  if (!stability.is_tested()) return std::nullopt;
  const quality::StabilityAtSize& at = stability.at_judged();
  const double ratio = content.evidence.thresholds.stable_ratio;
  if (at.ratio(at.mean_jaccard()) < ratio) return Verdict{Light::poor, "not beyond chance"};
  const bool are_all = std::ranges::all_of(at.jaccard, [&](double jaccard) { return at.ratio(jaccard) >= ratio; });
  return are_all ? Verdict{Light::good, "stable beyond chance"} : Verdict{Light::fair, "partly beyond chance"};
}

}  // namespace cardseg::report
