#include "profile/best_rules.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace cardseg::profile {
namespace {

constexpr std::size_t beam = 4;

using Rows = std::vector<std::uint32_t>;

struct Test {
  int feature = 0;
  int edge = 0;
  bool is_above = false;

  auto operator<=>(const Test&) const = default;
};

// A rule of the beam; its tests in order, so that the same rule found twice is seen to be one.
struct Found {
  double f_measure = 0.0;
  std::vector<Test> tests = {};
};

bool is_better(const Found& a, const Found& b) { return a.f_measure > b.f_measure; }

bool has_side(const std::vector<Test>& tests, const Test& of) {
  return std::ranges::any_of(
      tests, [&](const Test& each) { return each.feature == of.feature && each.is_above == of.is_above; });
}

class Search {
 public:
  Search(const RuleSample& sample, int segment, const RuleEdges& edges)
      : sample_(sample), segment_(segment), edges_(edges) {
    all_own_ = std::ranges::count(sample.segment, segment);
  }

  Rows meeting(const std::vector<Test>& tests) const {
    Rows rows;
    for (std::uint32_t i = 0; i < sample_.customers(); ++i)
      if (std::ranges::all_of(tests, [&](const Test& test) {
            return (sample_.bins_of(test.feature)[i] <= test.edge) != test.is_above;
          }))
        rows.push_back(i);
    return rows;
  }

  // Adds the best rules with one condition more than `base`.
  void extend(const std::vector<Test>& base, std::vector<Found>& found) const {
    const Rows rows = meeting(base);
    std::int64_t own_rows = 0;
    for (const std::uint32_t row : rows) own_rows += sample_.segment[row] == segment_ ? 1 : 0;
    for (int f = 0; f < edges_.features(); ++f) {
      std::vector<std::int64_t> all(static_cast<std::size_t>(edges_.of(f).bins()));
      std::vector<std::int64_t> own(all.size());
      const std::uint8_t* const bin = sample_.bins_of(f);
      for (const std::uint32_t row : rows) {
        ++all[bin[row]];
        own[bin[row]] += sample_.segment[row] == segment_ ? 1 : 0;
      }
      std::int64_t all_below = 0;
      std::int64_t own_below = 0;
      Found below;
      Found above;
      for (int e = 0; e + 1 < edges_.of(f).bins(); ++e) {
        all_below += all[static_cast<std::size_t>(e)];
        own_below += own[static_cast<std::size_t>(e)];
        keep_better({f_measure(all_below, own_below), {{f, e, false}}}, below);
        keep_better({f_measure(std::ssize(rows) - all_below, own_rows - own_below), {{f, e, true}}}, above);
      }
      offer(base, below, found);
      offer(base, above, found);
    }
  }

 private:
  double f_measure(std::int64_t customers, std::int64_t own) const {
    return 2.0 * static_cast<double>(own) / static_cast<double>(customers + all_own_);
  }

  static void keep_better(Found next, Found& best) {
    if (is_better(next, best)) best = std::move(next);
  }

  // `last`: its only test is to follow those of `base`.
  static void offer(const std::vector<Test>& base, const Found& last, std::vector<Found>& found) {
    if (last.tests.empty() || has_side(base, last.tests.front())) return;
    Found next{last.f_measure, base};
    next.tests.insert(std::ranges::upper_bound(next.tests, last.tests.front()), last.tests.front());
    if (std::ranges::find(found, next.tests, &Found::tests) != found.end()) return;
    found.insert(std::ranges::upper_bound(found, next, is_better), std::move(next));
    if (found.size() > beam) found.pop_back();
  }

  const RuleSample& sample_;
  int segment_;
  const RuleEdges& edges_;
  std::int64_t all_own_ = 0;
};

std::vector<Condition> conditions_of(const std::vector<Test>& tests, const RuleEdges& edges) {
  std::vector<Condition> conditions;
  for (const Test& test : tests) conditions.push_back(edges.condition(test.feature, test.edge, test.is_above));
  return conditions;
}

}  // namespace

std::vector<std::vector<Condition>> rule_candidates(const RuleSample& sample, int segment, const RuleEdges& edges) {
  const Search search(sample, segment, edges);
  std::vector<std::vector<Condition>> candidates;
  std::vector<Found> level = {{}};
  double best = 0.0;
  for (int conditions = 1; conditions <= most_conditions; ++conditions) {
    std::vector<Found> next;
    for (const Found& rule : level) search.extend(rule.tests, next);
    if (next.empty() || next.front().f_measure <= best) break;
    best = next.front().f_measure;
    candidates.push_back(conditions_of(next.front().tests, edges));
    level = std::move(next);
  }
  return candidates;
}

}  // namespace cardseg::profile
