#include "cardseg/report/html_report.hpp"

#include <gmock/gmock.h>

#include "support/small_model.hpp"

namespace cardseg::report {
namespace {

using testing::HasSubstr;
using testing::Not;

// Two features, two segments of 300 and 100 customers; the second has ten times the balance.
segments::Model small_model() {
  segments::Model model;
  for (const char* name : {"balance <now>", "age"}) model.columns.push_back(support::model_feature(name, 50, 0.1));
  model.columns.push_back(support::model_column("tenure", portfolio::Role::unused, "constant"));
  model.layout = portfolio::FeatureLayout(model.columns);
  model.centroids = cluster::Centroids(2, 2);
  model.centroids.values = {-1, 0.0, 3, 0.1};
  model.totals = {{300, 100}, {300, 100}, {300, 400}, 700};
  model.names = {{"1", "Segment 1"}, {"2", "Segment 2"}};
  return model;
}

}  // namespace

TEST(HtmlReport, ShowsSizesAndWorth) {
  const std::string html = html_report(small_model(), {{"revenue", {3000, 9000}}});

  EXPECT_THAT(html, HasSubstr("<h1>2 segments of 400 customers</h1>"));
  EXPECT_THAT(html, HasSubstr("Segment 1 is the largest, with 75 % of the customers."));
  EXPECT_THAT(html, HasSubstr("<td class=\"n\">9,000</td>"));
  EXPECT_THAT(html, HasSubstr("<td class=\"n\">90</td>"));
}

TEST(HtmlReport, DescribesASegmentInThePortfoliosUnits) {
  EXPECT_THAT(html_report(small_model(), {}, {"segment 2 has 3 customers"}),
              HasSubstr("Beware: segment 2 has 3 customers."));
  EXPECT_THAT(html_report(small_model(), {}), HasSubstr("high balance &lt;now&gt; 80 (portfolio 50)"));
}

TEST(HtmlReport, NamesUnusedColumns) {
  EXPECT_THAT(html_report(small_model(), {}), HasSubstr("<dt>Not used</dt>\n<dd>tenure (constant)</dd>"));
}

TEST(HtmlReport, SaysBesideTheInertiaHowManyRestartsCameToIt) {
  segments::Model model = small_model();
  model.fit.restarts = 4;
  model.fit.reached = 3;

  model.fit.bound = {500, false};

  EXPECT_THAT(html_report(model, {}), HasSubstr("<dd>3 of 4 restarts came to it, within 0.01 %</dd>"));
  EXPECT_THAT(html_report(model, {}), HasSubstr("no grouping into 2 segments can lie below 500 (71 % of it)</dd>"));
}

TEST(HtmlReport, ColoursWhatLiesAboveAndBelowThePortfolio) {
  const std::string html = html_report(small_model(), {});

  EXPECT_THAT(html, HasSubstr("<td class=\"n below2\">40</td>\n<td class=\"n above4\">80</td>"));
}

TEST(HtmlReport, DoesNotShowTracesOfRounding) {
  segments::Model model = small_model();
  model.columns[1].facts.range.high = 100;
  std::get<portfolio::NumberEncoder>(model.columns[1].encoder).centre = 1e-9;

  EXPECT_THAT(html_report(model, {}), Not(HasSubstr("0.000001")));
}

TEST(HtmlReport, OfOneSegmentComparesNothing) {
  segments::Model model = small_model();
  model.centroids = cluster::Centroids(1, 2);
  model.totals = {{400}, {400}, {300}, 300};

  EXPECT_THAT(html_report(model, {}), HasSubstr("There is one segment: all customers are in it."));
}

TEST(HtmlReport, RefersToTheTableOfCentroidsWhereThereAreTooMany) {
  segments::Model model = small_model();
  model.centroids = cluster::Centroids(30'000, 2);
  model.names.assign(30'000, {"1", "Segment"});
  model.totals.customers.assign(30'000, 1);
  model.totals.mass.assign(30'000, 1.0);
  model.totals.inertia.assign(30'000, 1.0);

  EXPECT_THAT(html_report(model, {}), HasSubstr("60,000 centres of features are too many for a page"));
}

TEST(HtmlReport, SaysNothingOfTheShareOfNothing) {
  EXPECT_THAT(html_report(small_model(), {{"revenue", {0, 0}}}), HasSubstr("<span class=\"figure\">-</span>"));
}

TEST(HtmlReport, RefersToNothingOutside) {
  const std::string html = html_report(small_model(), {});

  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("http")));
  EXPECT_THAT(html, Not(HasSubstr("balance <now>")));
}

TEST(RankedDifferences, PutTheLargestFirst) {
  const std::vector<Difference> differences = ranked_differences(small_model(), overall_mean(small_model()), 1);

  EXPECT_EQ(differences[0].feature, 0);
  EXPECT_DOUBLE_EQ(differences[0].scaled, 3);
}

}  // namespace cardseg::report
