#include "cardseg/profile/rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "profile/rule_edges.hpp"
#include "support/small_model.hpp"

namespace cardseg::profile {
namespace {

using portfolio::FittedColumn;
using portfolio::Kind;

// A category with levels north and "so""uth", rarer ones, and a feature of missing ones.
FittedColumn region() {
  FittedColumn column = support::model_column("region", portfolio::Role::feature);
  column.column.levels.known = {{"north", 50, 0.0}, {"so\"uth", 20, 1.0}};
  column.column.levels.missing = 12;
  column.encoder = portfolio::CategoryEncoder{4, 2, 2, 3, false, 1.0};
  column.facts.missing = 12;
  return column;
}

std::string text_of(const FittedColumn& column, const Condition& condition) {
  const std::vector<FittedColumn> columns = {column};
  return rule_text({1, {condition}, {}, {}, {}, {}}, columns, portfolio::FeatureLayout(columns));
}

}  // namespace

TEST(Rules, SayOnWhichSideOfAThreshold) {
  FittedColumn balance = support::model_feature("balance", 10.0, 0.5);
  balance.facts.missing = 0;

  EXPECT_EQ(text_of(balance, {0, 0.0, 1200.5, false, false}), "balance <= 1200.5");
  EXPECT_EQ(text_of(balance, {0, 0.0, 1200.5, true, true}), "balance > 1200.5");
}

TEST(Rules, SayWhereMissingValuesMeetThem) {
  const FittedColumn balance = support::model_feature("balance", 10.0, 0.5);

  EXPECT_EQ(text_of(balance, {0, 0.0, 3.0, false, true}), "(balance <= 3 or balance is missing)");
  EXPECT_EQ(text_of(balance, {0, 0.0, 3.0, false, false}), "balance <= 3");
}

TEST(Rules, QuoteNamesThatAFilterWouldNotRead) {
  FittedColumn spend = support::model_feature("spend, total", 0.0, 1.0);
  spend.facts.missing = 0;
  FittedColumn word = spend;
  word.column.name = "In";

  EXPECT_EQ(text_of(spend, {0, 0.0, 3.0, false, false}), "\"spend, total\" <= 3");
  EXPECT_EQ(text_of(word, {0, 0.0, 3.0, false, false}), "\"In\" <= 3");
}

TEST(Rules, NameLevels) {
  EXPECT_EQ(text_of(region(), {0, 0.5, 0.0, true, false}), "region = \"north\"");
  EXPECT_EQ(text_of(region(), {1, 0.5, 0.0, false, true}), "(region != \"so\"\"uth\" or region is missing)");
  EXPECT_EQ(text_of(region(), {2, 0.5, 0.0, true, false}), "region not in (\"north\", \"so\"\"uth\")");
  EXPECT_EQ(text_of(region(), {3, 0.5, 0.0, true, true}), "region is missing");
  EXPECT_EQ(text_of(region(), {3, 0.5, 0.0, false, false}), "region is not missing");
}

TEST(Rules, NameTheLevelsOfAnOrdinalOnTheSide) {
  FittedColumn plan = support::model_feature("plan", 0.0, 1.0);
  plan.column.kind = Kind::ordinal;
  plan.column.levels.known = {{"low", 0, 0.0}, {"mid", 0, 1.0}, {"high", 0, 2.0}};
  plan.facts.missing = 0;

  EXPECT_EQ(text_of(plan, {0, 0.0, 1.4, false, false}), "plan in (\"low\", \"mid\")");
  EXPECT_EQ(text_of(plan, {0, 0.0, 1.4, true, false}), "plan in (\"high\")");
}

TEST(Rules, OfNoConditionMeanEverybody) {
  const std::vector<FittedColumn> columns = {region()};

  EXPECT_EQ(rule_text({1, {}, {}, {}, {}, {}}, columns, portfolio::FeatureLayout(columns)), "");
}

TEST(Rules, LeaveWithheldFiguresEmpty) {
  Rules rules;
  rules.best = {Rule{1, {{0, 0.5, 0.0, true, false}}, {40, false}, {0.75, false}, {0.5, false}, {1.5, false}},
                std::nullopt};
  RuleTree& tree = rules.trees.emplace_back();
  tree.leaves = {Rule{2, {}, {60, false}, {0.0, true}, {0.0, true}, {0.0, true}}};
  const std::vector<FittedColumn> columns = {region()};

  EXPECT_EQ(rules_csv(rules, columns, portfolio::FeatureLayout(columns)),
            "segment,kind,rule,customers,precision,recall,lift\n"
            "1,rule,\"region = \"\"north\"\"\",40,0.75,0.5,1.5\n"
            "2,tree,,60,,,\n");
}

TEST(RuleEdges, AreTheRoundestNumbersBetweenTwo) {
  EXPECT_EQ(roundest_between(1187.0, 1234.0), 1200.0);
  EXPECT_EQ(roundest_between(0.1234, 0.1278), 0.126);
  EXPECT_EQ(roundest_between(-3.7, -3.2), -3.4);
  EXPECT_EQ(roundest_between(-1.0, 5.0), 0.0);
  EXPECT_EQ(roundest_between(2.5, 2.5), 2.5);
  EXPECT_EQ(roundest_between(999.6, 1000.3), 1000.0);
}

TEST(RuleEdges, IncludeMidpointsOfNeighbours) {
  const std::vector<FittedColumn> columns = {support::model_feature("balance", 0.0, 1.0)};
  cluster::Centroids centroids(3, 1);
  centroids.values = {0.0, 100.0, 1000.0};

  const RuleEdges edges = RuleEdges::between(centroids, columns, portfolio::FeatureLayout(columns), double{});

  EXPECT_TRUE(std::ranges::any_of(edges.of(0).edge, [](double edge) { return std::abs(edge - 50.0) < 2.0; }));
  EXPECT_TRUE(std::ranges::any_of(edges.of(0).edge, [](double edge) { return std::abs(edge - 550.0) < 2.0; }));
  EXPECT_LE(edges.of(0).bins(), 256);
  EXPECT_GT(edges.of(0).bins(), 200);
}

TEST(RuleEdges, FindTheBinOfEveryNumber) {
  const std::vector<FittedColumn> columns = {support::model_feature("balance", 0.0, 1.0)};
  cluster::Centroids centroids(3, 1);
  centroids.values = {-7.0, 0.001, 3.0};
  const RuleEdges edges = RuleEdges::between(centroids, columns, portfolio::FeatureLayout(columns), float{});
  const std::vector<double>& edge = edges.of(0).edge;

  for (std::size_t e = 0; e < edge.size(); ++e) {
    EXPECT_EQ(edges.bin(0, edge[e]), static_cast<int>(e));
    EXPECT_EQ(edges.bin(0, std::nextafter(edge[e], 1e9)), static_cast<int>(e) + 1);
    EXPECT_EQ(edges.bin(0, std::nextafter(edge[e], -1e9)), static_cast<int>(e));
  }
  EXPECT_EQ(edges.bin(0, -1e30), 0);
  EXPECT_EQ(edges.bin(0, 1e30), static_cast<int>(edge.size()));
}

TEST(RuleEdges, OfWholeNumbersArePrintedAsSuch) {
  std::vector<FittedColumn> columns = {support::model_feature("purchases", 0.0, 1.0)};
  columns[0].column.stored_type = "int32";
  cluster::Centroids centroids(2, 1);
  centroids.values = {1.25, 3.5};
  const RuleEdges edges = RuleEdges::between(centroids, columns, portfolio::FeatureLayout(columns), double{});

  for (std::size_t e = 0; e < edges.of(0).edge.size(); ++e)
    EXPECT_EQ(edges.of(0).original[e], std::floor(edges.of(0).edge[e]));
}

TEST(RuleEdges, StayWithinTheLimitsOfAColumn) {
  std::vector<FittedColumn> columns = {support::model_feature("balance", 0.0, 1.0)};
  std::get<portfolio::NumberEncoder>(columns[0].encoder).clip = {0.0, 10.0};
  cluster::Centroids centroids(2, 1);
  centroids.values = {0.0, 9.999};
  const RuleEdges edges = RuleEdges::between(centroids, columns, portfolio::FeatureLayout(columns), double{});

  EXPECT_LT(edges.of(0).original.back(), 10.0);
}

}  // namespace cardseg::profile
