#include "report/verdicts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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
  if (customers.customers < few_customers)
    verdict.size = {Light::poor, "too small"};
  else if (share < small_share)
    verdict.size = {Light::fair, "small"};
  else if (share > large_share && content.profile.segments > 2)
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
  verdict.separation = separation_verdict(silhouette);
}

Verdict whole_of(const SegmentVerdict& verdict) {
  switch (std::max(verdict.size.light, verdict.separation.light)) {
    case Light::good: return {Light::good, "solid"};
    case Light::fair: return {Light::fair, "usable"};
    case Light::poor: return {Light::poor, "weak"};
  }
  return {};
}

}  // namespace

Verdict separation_verdict(double silhouette) {
  const double shown = std::round(100 * silhouette) / 100;
  if (shown >= clear_silhouette) return {Light::good, "clear"};
  if (shown >= blurred_silhouette) return {Light::fair, "overlapping"};
  return {Light::poor, "blurred"};
}

std::vector<SegmentVerdict> verdicts(const FitContent& content) {
  std::vector<SegmentVerdict> all;
  for (int segment = 1; segment <= content.profile.segments; ++segment) {
    SegmentVerdict verdict;
    judge_size(content, segment, verdict);
    judge_separation(content, segment, verdict);
    verdict.whole = whole_of(verdict);
    all.push_back(std::move(verdict));
  }
  return all;
}

}  // namespace cardseg::report
