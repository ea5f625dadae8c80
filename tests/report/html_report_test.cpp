#include "cardseg/report/html_report.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <regex>

#include "report/fit_content_samples.hpp"

namespace cardseg::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string page_of(const samples::Content& content) { return html_report(content.content()); }

void withhold(profile::Figure& figure) { figure = {std::numeric_limits<double>::quiet_NaN(), true}; }

// Of a plane: a bin of many customers in the middle.
profile::PrincipalMap small_map() {
  profile::PrincipalMap map;
  map.axes.axes[0] = {{0.8, 0.6}, 0.27290037, 2.0};
  map.axes.axes[1] = {{0.6, -0.8}, 0.20301991, 1.5};
  map.side = 0.5;
  map.customers.assign(96 * 96, 0);
  map.segment.assign(96 * 96, 1);
  map.customers[map.bin(32, 32)] = 500;
  map.axes.mean = {0, 0};
  return map;
}

}  // namespace

TEST(HtmlReport, SaysWhetherSegmentsAreStableBeyondChance) {
  samples::Content content = samples::content_of(3, 4);
  EXPECT_THAT(page_of(content), AllOf(HasSubstr("was not tested"), Not(HasSubstr("partly beyond chance"))));
  content.evidence.stability.sizes = {{1000, {0.95, 0.9, 0.6}, 0.4, 0.1}};
  const std::string partly = page_of(content);
  content.evidence.stability.sizes = {{1000, {0.5, 0.6, std::nan("")}, 0.4, 0.1}};
  const std::string not_at_all = page_of(content);

  EXPECT_THAT(partly, AllOf(HasSubstr("partly beyond chance"), HasSubstr("with a Jaccard of 0.82 on average"),
                            HasSubstr("Segment 3 is not found again beyond chance")));
  EXPECT_THAT(not_at_all,
              AllOf(HasSubstr("3 segments are not stable beyond chance: other customers"), HasSubstr("not known")));
}

TEST(HtmlReport, ShowsWhatTheStudySaysOfOtherNumbers) {
  samples::Content content = samples::content_of(3, 4);
  content.evidence.alternatives =
      Alternatives{6000, 2, 4, 3, {{3, 0.5, 0.9, 0.8, 0.4, 4, 0.2}, {4, 0.6, 0.9, 0.9, 0.4, 6, 0.3}}};

  EXPECT_THAT(page_of(content),
              AllOf(HasSubstr("recommends 4 segments; here there are 3"), HasSubstr("this page runner-up")));
}

TEST(HtmlReport, AnswersFirst) {
  const std::string html = page_of(samples::content_of(3, 4));

  EXPECT_THAT(html, HasSubstr("<h1>3 segments of 6,000 customers: 1 is solid, 2 are usable</h1>"));
  EXPECT_THAT(html, HasSubstr("Silhouette 0.45: from 0.5 segments lie apart"));
  EXPECT_LT(html.find("class=\"cards\""), html.find("<h2 id=\"chapter-2\">Size against value"));
}

TEST(HtmlReport, JudgesSegmentsBySizeAndSeparation) {
  samples::Content content = samples::content_of(3, 4);
  content.evidence.silhouette.by_segment = {0.6, 0.3, 0.1};
  content.profile.customers[1].customers = 20;

  const std::string html = page_of(content);

  EXPECT_THAT(html, HasSubstr("customers: 1 is usable, 2 are weak</h1>"));
  EXPECT_THAT(html, HasSubstr("<strong>too small</strong>"));
  EXPECT_THAT(html, HasSubstr("<strong>overlapping</strong>"));
  EXPECT_THAT(html, HasSubstr("<strong>blurred</strong>"));
  EXPECT_THAT(html, HasSubstr("Segments 1 and 3 are not set apart from the others"));
}

TEST(HtmlReport, JudgesASilhouetteAsItIsShown) {
  samples::Content content = samples::content_of(3, 4);
  content.evidence.silhouette.by_segment = {0.496, 0.2489, 0.2449};

  const std::string html = page_of(content);

  EXPECT_THAT(html, HasSubstr("customers: 1 is solid, 1 is usable, 1 is weak</h1>"));
}

TEST(HtmlReport, SaysWhereASilhouetteIsOfASample) {
  samples::Content content = samples::content_of(3, 4);
  content.evidence.silhouette.is_of_all = false;
  content.evidence.silhouette.customers = {3900, 95, 5};

  const std::string html = page_of(content);

  EXPECT_THAT(html, HasSubstr("Silhouette 0.45, of a random sample of 4,000 customers: from 0.5 segments lie apart"));
  EXPECT_THAT(html, HasSubstr("It is measured on a random sample of 4,000 customers"));
  EXPECT_THAT(html, HasSubstr("too few customers to tell"));  // of segment 3
}

TEST(HtmlReport, LinksEveryCardAndEntryOfTheContentsToItsSegment) {
  const std::string html = page_of(samples::content_of(3, 4));

  for (const char* segment : {"segment-1", "segment-2", "segment-3"}) {
    EXPECT_THAT(html, HasSubstr("<h3 id=\"" + std::string(segment) + "\" class=\"marked\">"));
    const std::regex link("<a href=\"#" + std::string(segment) + "\">");
    EXPECT_EQ(std::distance(std::sregex_iterator(html.begin(), html.end(), link), {}), 2) << segment;
  }
}

TEST(HtmlReport, ShowsUnitsAndSharesForPeople) {
  samples::Content content = samples::content_of(2, 3);
  portfolio::ColumnWords& words = content.profile.columns[1].column.settings.words;
  words = {"Cash advance", "EUR", portfolio::ShownAs::money};

  const std::string html = page_of(content);

  EXPECT_THAT(html, HasSubstr(" EUR; all 2,000 EUR</td>"));
  EXPECT_THAT(html, HasSubstr("<span class=\"figure\">50 %</span>"));  // a level's share
  EXPECT_THAT(html, Not(HasSubstr("some_column")));
}

TEST(HtmlReport, ShowsAMarkForWhatIsWithheldAndNoNumber) {
  samples::Content content = samples::content_of(2, 3);
  profile::NumberProfile& numbers = content.profile.columns[1].numbers[2];
  for (profile::Figure* figure : {&numbers.mean, &numbers.index, &numbers.effect}) withhold(*figure);
  for (profile::Figure& quantile : numbers.quantile) withhold(quantile);
  numbers.zeros = {0, true};
  content.profile.columns.back().categories[1].levels[0].share = {std::nan(""), true};

  const std::string html = page_of(content);

  EXPECT_THAT(html, HasSubstr("<td class=\"n\">*</td>"));
  EXPECT_THAT(html, HasSubstr("<dt>*</dt>\n<dd>Withheld"));
  EXPECT_THAT(html, Not(HasSubstr("nan")));
}

TEST(HtmlReport, SaysNothingOfASegmentThatIsWithheld) {
  samples::Content content = samples::content_of(3, 3);
  content.profile.customers[3] = {0, true};
  content.profile.min_cell = 10;

  const std::string html = page_of(content);

  EXPECT_THAT(html, HasSubstr("fewer than 10 customers"));
  EXPECT_THAT(html, Not(HasSubstr("All figures of segment 3")));
}

TEST(HtmlReport, DrawsBinsOfAnybody) {
  samples::Content content = samples::content_of(3, 2);
  content.evidence.map = small_map();

  const std::string html = page_of(content);

  EXPECT_THAT(html, HasSubstr("It keeps 48 % of their differences, 27 % across and 20 % up"));
  const std::regex bin("<rect class=\"d[1-5] ");
  EXPECT_EQ(std::distance(std::sregex_iterator(html.begin(), html.end(), bin), {}), 1);
}

TEST(HtmlReport, HasNoMapWhereEveryBinHasFewCustomers) {
  samples::Content content = samples::content_of(3, 2);
  content.evidence.map = small_map();
  content.evidence.map->customers.assign(96 * 96, 0);

  EXPECT_THAT(page_of(content), HasSubstr("There are too few customers to draw a map"));
}

TEST(HtmlReport, TabulatesWhatIsCrossed) {
  samples::Content content = samples::content_of(2, 2);
  profile::Crosstab crosstab;
  crosstab.column.name = "legacy_segment";
  crosstab.levels = {"A", "B"};
  crosstab.counts = {{{1500}, {1500}}, {{1400}, {600}}, {{100}, {0, true}}};
  crosstab.cramers_v = {0.41, false};
  content.profile.crosstabs.push_back(crosstab);

  const std::string html = page_of(content);

  EXPECT_THAT(html, HasSubstr("Segments and Legacy segment are clearly related (Cramer's V 0.41"));
  EXPECT_THAT(html, HasSubstr("crosstab_legacy_segment.csv"));
  EXPECT_THAT(html, HasSubstr(">93 %</td>"));
}

TEST(HtmlReport, NamesTheFileOfACrosstabAsItIsWritten) {
  samples::Content content = samples::content_of(2, 2);
  profile::Crosstab& crosstab = content.profile.crosstabs.emplace_back();
  crosstab.column.name = "old plan";
  crosstab.levels = {"A"};
  crosstab.counts = {{{3000}}, {{2000}}, {{1000}}};

  EXPECT_THAT(page_of(content), HasSubstr("crosstab_old%20plan.csv"));
}

TEST(HtmlReport, ComparesColumnsThatDidNotShapeTheSegments) {
  const std::string html = page_of(samples::content_of(2, 2));

  EXPECT_THAT(html, HasSubstr("<h2 id=\"chapter-6\">Fairness</h2>"));
  EXPECT_THAT(html, HasSubstr("The widest difference: Region: "));
}

TEST(HtmlReport, SaysWhatWasNotFound) {
  samples::Content content = samples::content_of(2, 3);
  content.profile.columns[2].separation = {0.01, false};

  EXPECT_THAT(page_of(content), HasSubstr("Some column 2 shaped the segments and hardly differs between them"));
}

TEST(HtmlReport, NamesOptionsAndVersionsAndWhereInputsAreNamed) {
  const std::string html = page_of(samples::content_of(2, 2));

  EXPECT_THAT(html, HasSubstr("manifest.json names the files that were read, with their SHA-256"));
  EXPECT_THAT(html, HasSubstr("cardseg 0.1.0 (abcdef)"));
  EXPECT_THAT(html, HasSubstr("18446744073709551615"));
}

TEST(HtmlReport, OfOneSegmentComparesNothing) {
  const std::string html = page_of(samples::content_of(1, 2));

  EXPECT_THAT(html, HasSubstr("<h1>1 segment of 1,000 customers</h1>"));
  EXPECT_THAT(html, Not(HasSubstr("Can it be trusted?")));
}

TEST(HtmlReport, WithoutValueShowsSizes) {
  samples::Content content = samples::content_of(2, 2);
  content.profile.columns[0].column.value_number = 0;

  EXPECT_THAT(page_of(content), HasSubstr("No column says what customers are worth: value = COLUMN"));
}

TEST(HtmlReport, ShowsTheLargestOfManySegments) {
  const std::string html = page_of(samples::content_of(300, 2));

  EXPECT_THAT(html, HasSubstr("This page shows the 40 largest segments; segments.csv and profile.csv have all 300."));
  EXPECT_THAT(html, Not(HasSubstr("segment-41")));
}

TEST(HtmlReport, OfTwentySegmentsAndSixtyColumnsTakesLessThanTwoMegabytes) {
  samples::Content content = samples::content_of(20, 60);
  content.evidence.map = small_map();
  content.evidence.map->axes.mean.resize(60);
  content.evidence.map->axes.axes[0].direction.resize(60);
  content.evidence.map->axes.axes[1].direction.resize(60);
  for (std::size_t b = 0; b < content.evidence.map->customers.size(); ++b) {
    content.evidence.map->customers[b] = static_cast<std::int64_t>(10 + 37 * b % 1000);
    content.evidence.map->segment[b] = static_cast<int>(b % 20);
  }

  EXPECT_LT(page_of(content).size(), 2'000'000U);
}

TEST(HtmlReport, RefersToNothingOutside) {
  const std::string html = page_of(samples::content_of(3, 4));

  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("http")));
}

}  // namespace cardseg::report
