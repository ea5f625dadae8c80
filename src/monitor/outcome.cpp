#include "cardseg/monitor/outcome.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "cardseg/core/exact_sum.hpp"

namespace cardseg::monitor {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool is_in(const CampaignCustomer& customer, int segment, bool is_target) {
  return customer.is_target == is_target && (segment == 0 || customer.segment == segment);
}

// The exact sum of f over a group, rounded once.
template <class F>
double sum_over(const std::vector<CampaignCustomer>& customers, int segment, bool is_target, F f) {
  double largest = 0.0;
  for (const CampaignCustomer& each : customers) largest = std::max(largest, std::abs(f(each)));
  const auto grid = core::FixedPoint::for_values(largest, static_cast<std::int64_t>(customers.size()));
  core::int128 sum = 0;
  for (const CampaignCustomer& each : customers)
    if (is_in(each, segment, is_target)) sum += grid.round(f(each));
  return grid.value(sum);
}

GroupOutcome group_of(const std::vector<CampaignCustomer>& customers, int segment, bool is_target) {
  GroupOutcome group;
  for (const CampaignCustomer& each : customers) {
    if (!is_in(each, segment, is_target)) continue;
    ++group.responses.customers;
    group.responses.hits += each.has_responded ? 1 : 0;
  }
  const auto n = static_cast<double>(group.responses.customers);
  const double mean = sum_over(customers, segment, is_target, [](const auto& each) { return each.value; }) / n;
  const double squares = sum_over(customers, segment, is_target, [&](const auto& each) {
    return n > 0 ? (each.value - mean) * (each.value - mean) : 0.0;
  });
  group.mean_value = n > 0 ? mean : nan;
  group.sd_value = n > 1 ? std::sqrt(squares / (n - 1)) : nan;
  return group;
}

double error_of_mean(const GroupOutcome& group) {
  return group.sd_value / std::sqrt(static_cast<double>(group.responses.customers));
}

Effect effect_of(const quality::Interval& interval) {
  if (interval.low > 0) return Effect::raised;
  return interval.high < 0 ? Effect::lowered : Effect::not_shown;
}

}  // namespace

const char* name_of(Effect effect) {
  switch (effect) {
    case Effect::raised: return "raised";
    case Effect::lowered: return "lowered";
    case Effect::not_shown: return "not shown";
  }
  return "";
}

std::vector<SegmentOutcome> measure_outcome(const std::vector<CampaignCustomer>& customers) {
  std::set<int> segments = {0};
  for (const CampaignCustomer& each : customers) segments.insert(each.segment);
  std::vector<SegmentOutcome> outcomes;
  for (const int segment : segments) {
    SegmentOutcome outcome;
    outcome.segment = segment;
    outcome.target = group_of(customers, segment, true);
    outcome.holdout = group_of(customers, segment, false);
    const quality::Proportion& target = outcome.target.responses;
    const quality::Proportion& holdout = outcome.holdout.responses;
    outcome.uplift = target.share() - holdout.share();
    outcome.interval = quality::newcombe(target, holdout);
    outcome.detectable = quality::detectable_difference(holdout.share(), target.customers, holdout.customers);
    outcome.effect = effect_of(outcome.interval);
    outcome.value_uplift = outcome.target.mean_value - outcome.holdout.mean_value;
    const double half =
        quality::normal_quantile(0.975) * std::hypot(error_of_mean(outcome.target), error_of_mean(outcome.holdout));
    outcome.value_interval = {outcome.value_uplift - half, outcome.value_uplift + half};
    outcomes.push_back(outcome);
  }
  return outcomes;
}

}  // namespace cardseg::monitor
