#include "cardseg/profile/compute_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cardseg/core/philox.hpp"
#include "support/make_matrix.hpp"
#include "support/small_model.hpp"
#include "support/world.hpp"

namespace cardseg::profile {
namespace {

using support::Rows;
using support::world;

// Groups at these places, so many customers in each, within `spread` of it on both sides.
struct Portfolio {
  std::vector<portfolio::FittedColumn> columns;
  portfolio::FeatureLayout layout;
  cluster::Centroids centroids;
  Rows rows;

  Portfolio(const Rows& places, const std::vector<int>& customers, double spread) {
    const int features = static_cast<int>(places.front().size());
    for (int f = 0; f < features; ++f) {
      columns.push_back(support::model_feature("x" + std::to_string(f), 10.0, 0.5));
      columns.back().facts.missing = 0;
    }
    layout = portfolio::FeatureLayout(columns);
    centroids = cluster::Centroids(static_cast<int>(places.size()), features);
    const core::RowRandom random(7, core::Purpose::mixture);
    for (std::size_t j = 0; j < places.size(); ++j) {
      std::copy(places[j].begin(), places[j].end(), centroids.row(static_cast<int>(j)));
      for (int i = 0; i < customers[j]; ++i) {
        std::vector<double>& row = rows.emplace_back(places[j]);
        for (std::size_t f = 0; f < row.size(); ++f)
          row[f] += spread * (2.0 * random.uniform(std::ssize(rows), static_cast<std::uint32_t>(f)) - 1.0);
      }
    }
  }

  template <class T>
  Rules rules(const comm::Communicator& comm, std::int64_t min_cell) const {
    const portfolio::FeatureMatrix<T> matrix = support::make_matrix<T>(comm, rows);
    cluster::Scores scores;
    cluster::append_scores(matrix, centroids, scores);
    const cluster::SegmentTotals totals = cluster::total_segments(comm, scores, centroids.segments);
    return compute_rules(comm, matrix, {columns, layout, centroids, totals.customers}, scores, 1, {min_cell});
  }

  std::string csv(const Rules& rules) const { return rules_csv(rules, columns, layout); }
};

Portfolio apart() { return {{{0, 0}, {10, 0}, {0, 10}}, {500, 300, 200}, 2.0}; }
Portfolio overlapping() { return {{{0, 0}, {2, 0.5}, {0.5, 2}}, {900, 700, 500}, 2.0}; }

// A customer's raw value as the encoders of `Portfolio` have it.
double raw(double feature) { return feature / 0.5 + 10.0; }

std::int64_t count_meeting(const Portfolio& portfolio, const Rule& rule) {
  return std::ranges::count_if(portfolio.rows, [&](const std::vector<double>& row) {
    return std::ranges::all_of(rule.conditions, [&](const Condition& each) {
      return (raw(row[static_cast<std::size_t>(each.feature)]) <= each.original) != each.is_above;
    });
  });
}

}  // namespace

TEST(ComputeRules, TellsSegmentsThatLieApartWithoutMistakes) {
  const Rules rules = apart().rules<float>(world(), 0);

  ASSERT_EQ(rules.trees.size(), 3U);
  EXPECT_EQ(rules.trees[0].leaves.size(), 3U);
  EXPECT_EQ(rules.trees[0].depth, 2);
  EXPECT_EQ(rules.trees[0].own_share, 1.0);
  EXPECT_NEAR(rules.trees[0].cost, 1.0, 0.02);  // the centres of this test are not quite the means
  for (const std::optional<Rule>& rule : rules.best) {
    ASSERT_TRUE(rule);
    EXPECT_EQ(rule->precision.value, 1.0);
    EXPECT_EQ(rule->recall.value, 1.0);
  }
}

TEST(ComputeRules, SplitsInTheMiddleOfAGap) {
  const Rules rules = apart().rules<double>(world(), 0);

  const double feature = rules.trees[0].leaves[0].conditions[0].edge;
  EXPECT_GT(feature, 4.0);
  EXPECT_LT(feature, 6.0);
}

TEST(ComputeRules, CountsByTheThresholdsThatArePrinted) {
  const Portfolio portfolio = overlapping();

  const Rules rules = portfolio.rules<double>(world(), 0);

  for (const RuleTree& tree : rules.trees)
    for (const Rule& leaf : tree.leaves) EXPECT_EQ(leaf.customers.customers, count_meeting(portfolio, leaf));
  for (const std::optional<Rule>& rule : rules.best)
    EXPECT_EQ(rule->customers.customers, count_meeting(portfolio, *rule));
}

TEST(ComputeRules, HasEveryCustomerInOneLeaf) {
  for (const RuleTree& tree : overlapping().rules<float>(world(), 0).trees) {
    std::int64_t customers = 0;
    for (const Rule& leaf : tree.leaves) customers += leaf.customers.customers;
    EXPECT_EQ(customers, 2100);
  }
}

TEST(ComputeRules, GrownTreesAreRightMoreOften) {
  const Rules rules = overlapping().rules<float>(world(), 0);

  EXPECT_EQ(rules.trees[1].leaves.size(), 6U);
  EXPECT_EQ(rules.trees[2].leaves.size(), 12U);
  EXPECT_LT(rules.trees[0].own_share, 1.0);
  EXPECT_LT(rules.trees[0].own_share, rules.trees[2].own_share);
  EXPECT_LT(rules.trees[2].cost, rules.trees[0].cost);
  EXPECT_GT(rules.trees[2].cost, 0.9);
}

TEST(ComputeRules, GivesTheSameBytesOnAnyNumberOfRanks) {
  const Portfolio portfolio = overlapping();

  EXPECT_EQ(portfolio.csv(portfolio.rules<float>(world(), 0)), portfolio.csv(portfolio.rules<float>({}, 0)));
  EXPECT_EQ(portfolio.csv(portfolio.rules<double>(world(), 10)), portfolio.csv(portfolio.rules<double>({}, 10)));
}

TEST(ComputeRules, HasAtMostThreeConditionsInARule) {
  for (const std::optional<Rule>& rule : overlapping().rules<float>(world(), 0).best) {
    ASSERT_TRUE(rule);
    EXPECT_GE(rule->conditions.size(), 1U);
    EXPECT_LE(rule->conditions.size(), 3U);
  }
}

TEST(ComputeRules, SaysNothingOfWithheldSegments) {
  const Portfolio portfolio({{0, 0}, {10, 0}, {0, 10}, {-30, 30}}, {500, 300, 200, 4}, 2.0);

  const Rules rules = portfolio.rules<float>(world(), 10);

  // Segment 3 is withheld with the fourth, whose size the others would tell.
  ASSERT_EQ(rules.trees[0].leaves.size(), 2U);
  EXPECT_TRUE(rules.best[0]);
  EXPECT_TRUE(rules.best[1]);
  EXPECT_FALSE(rules.best[2]);
  EXPECT_FALSE(rules.best[3]);
  EXPECT_TRUE(rules.trees[0].own_by_segment[3].is_withheld);
}

TEST(ComputeRules, WithholdsSharesThatTellOfFewMistakes) {
  // Two of the first segment's customers lie where only a threshold on both features would not give them to others.
  Portfolio portfolio({{0, 0}, {10, 0}, {0, 10}}, {500, 300, 200}, 2.0);
  portfolio.rows.push_back({4.99, 4.98});
  portfolio.rows.push_back({4.98, 4.99});
  portfolio.rows.push_back({5.5, -3.0});
  portfolio.rows.push_back({5.2, 5.1});

  const Rules told = portfolio.rules<double>(world(), 0);
  const Rules rules = portfolio.rules<double>(world(), 10);

  int withheld = 0;
  for (std::size_t l = 0; l < rules.trees[0].leaves.size(); ++l) {
    const Rule& exact = told.trees[0].leaves[l];
    const Rule& leaf = rules.trees[0].leaves[l];
    EXPECT_FALSE(leaf.customers.is_withheld);
    withheld += leaf.precision.is_withheld ? 1 : 0;
    const double others = std::round((1 - exact.precision.value) * static_cast<double>(exact.customers.customers));
    EXPECT_TRUE(others == 0 || others >= 10 || (leaf.precision.is_withheld && leaf.recall.is_withheld));
  }
  EXPECT_NE(withheld, 1);
  for (const std::optional<Rule>& rule : rules.best)
    if (rule) {
      const double others = std::round((1 - rule->precision.value) * static_cast<double>(rule->customers.customers));
      EXPECT_TRUE(others == 0 || others >= 10);
    }
}

TEST(ComputeRules, TellsOnlyCountsOfGrownLeavesUnlessAllIsTold) {
  const Rules rules = overlapping().rules<float>(world(), 10);

  for (const Rule& leaf : rules.trees[2].leaves) {
    EXPECT_TRUE(leaf.precision.is_withheld);
    EXPECT_TRUE(leaf.customers.is_withheld || leaf.customers.customers >= 10);
  }
}

TEST(ComputeRules, OfOneSegmentAreNone) {
  const Portfolio portfolio({{0, 0}}, {50}, 2.0);

  const Rules rules = portfolio.rules<float>(world(), 0);

  EXPECT_TRUE(rules.trees.empty());
  EXPECT_FALSE(rules.best[0]);
}

TEST(ComputeRules, OfEqualCentroidsGiveOneLeaf) {
  const Portfolio portfolio({{1, 1}, {1, 1}, {9, 9}}, {50, 50, 50}, 0.5);

  const Rules rules = portfolio.rules<float>(world(), 0);

  EXPECT_EQ(rules.trees[0].leaves.size(), 2U);
}

TEST(ComputeRules, ExplainsEachSegment) {
  const std::vector<Explained> explained = apart().rules<float>(world(), 0).explained();

  ASSERT_EQ(explained.size(), 3U);
  for (const Explained& each : explained) {
    EXPECT_EQ(each.own_share, 1.0);
    EXPECT_EQ(each.precision, 1.0);
    EXPECT_EQ(each.recall, 1.0);
  }
}

}  // namespace cardseg::profile
