// What jobs print.
#include <gmock/gmock.h>

#include <cmath>

#include "cardseg/core/field.hpp"
#include "cardseg/profile/disclosure.hpp"
#include "cardseg/report/assign_summary.hpp"
#include "cardseg/report/console_text.hpp"
#include "cardseg/report/convert_summary.hpp"
#include "cardseg/report/fit_summary.hpp"
#include "cardseg/report/generate_summary.hpp"
#include "cardseg/report/name_summary.hpp"
#include "cardseg/report/roles_summary.hpp"
#include "cardseg/report/shards_summary.hpp"
#include "cardseg/report/study_summary.hpp"
#include "support/small_model.hpp"

namespace cardseg::report {
namespace {

using testing::HasSubstr;
using testing::Not;

segments::Model small_model() {
  segments::Model model;
  for (const char* name : {"age", "balance", "payments"}) model.columns.push_back(support::model_feature(name, 0, 1));
  model.columns.push_back(support::model_column("tenure", portfolio::Role::unused, "constant"));
  model.layout = portfolio::FeatureLayout(model.columns);
  model.centroids = cluster::Centroids(2, 3);
  model.names = {{"1", "Low payments, older"}, {"2", "Cash-dependent revolvers", true}};
  model.totals = {{1500, 500}, {1500, 500}, {6000, 500}, 6500.25};
  model.fit.restarts = 10;
  model.fit.best_restart = 3;
  model.fit.iterations = 15;
  model.fit.stop = "fixed-point";
  model.fit.reached = 6;
  model.fit.bound = {5000, false};
  return model;
}

RunCosts small_costs() {
  RunCosts costs;
  costs.phases = {{"load", 0.5, 1.0, 1.5}, {"iterate", 2, 2, 2}};
  costs.ranks = 2;
  costs.elapsed_s = 3.5;
  costs.planned_s = 4;
  costs.peak_rank_bytes = 30'000'000;
  costs.peak_bytes = 60'000'000;
  costs.planned_rank_bytes = 45'000'000;
  costs.features = "in memory";
  return costs;
}

quality::StudiedModel studied(int segments) {
  quality::StudiedModel model;
  model.options.segments = segments;
  model.fit.restarts.resize(3);
  model.fit.reached = 2;
  model.agreement = {1.0, 0.5, 0.75};
  model.segmentation.centroids = cluster::Centroids(segments, 1);
  model.segmentation.customers.assign(static_cast<std::size_t>(segments), 10);
  model.segmentation.total_inertia = 123.456;
  model.silhouette.mean = 0.5;
  model.calinski_harabasz = 1234.5;
  model.davies_bouldin = 1.25;
  model.sampled_silhouette = std::nan("");
  return model;
}

// No size is withheld.
StudyEntry entry_of(const quality::StudiedModel& model, const std::string& path) {
  return {model, path, "a", profile::disclosed_sizes(model.segmentation.customers, {0})};
}

std::string study_text(const std::vector<quality::Preference>& preferences) {
  const quality::StudiedModel two = studied(2);
  const quality::StudiedModel four = studied(4);
  const std::vector<StudyEntry> entries = {entry_of(two, "models/k02/model.json"),
                                           entry_of(four, "models/k04/model.json")};
  return console_text(study_summary(entries, preferences, {2000, 18, {}, small_costs(), "out"}));
}

}  // namespace

TEST(FitSummary, IsWhatTheReadmeShows) {
  EXPECT_EQ(console_text(fit_summary(small_model(), {{2000, 2000, 0}, {}, 2e-6, small_costs(), "run", {}})),
            "fit      2,000 customers, 3 features, 2 segments\n"
            "  segment  customers    share  rms distance  name\n"
            "        1      1,500  75.00 %             2  Low payments, older\n"
            "        2        500  25.00 %             1  Cash-dependent revolvers\n"
            "inertia  6,500.25: restart 4 of 10, 15 iterations, stopped by fixed-point\n"
            "         6 of 10 restarts came to it, within 0.01 %\n"
            "         no grouping into 2 segments can lie below 5,000 (77 % of it)\n"
            "screen   0.0002 % of the assignments were left to double precision\n"
            "unused   column tenure (constant)\n"
            "imputed  column age: fewer than 10 of 73, by its median\n"
            "imputed  column balance: fewer than 10 of 73, by its median\n"
            "imputed  column payments: fewer than 10 of 73, by its median\n"
            "rows     2,000 in = 2,000 labelled + 0 rejected\n"
            "time     load 0.50/1.00/1.50, iterate 2.00/2.00/2.00 s (min/mean/max over 2 ranks), 3.5 s in all; planned "
            "4.0 s\n"
            "memory   peak 30 MB on the largest rank, 60 MB on all; planned 45 MB on the largest\n"
            "features in memory\n"
            "files    run/report.html, run/segments.csv, run/rules.csv, run/model.json, run/labels/\n"
            "next     cardseg assign --model run/model.json --shards NEW_SHARDS --output scored");
}

TEST(RolesSummary, NamesTheIdAndWhatIsLeftOutAndWhy) {
  portfolio::Schema schema;
  for (const auto& [name, role, reason] :
       {std::tuple("customer_id", portfolio::Role::id, ""), std::tuple("Row", portfolio::Role::unused, "counts rows"),
        std::tuple("age", portfolio::Role::feature, ""), std::tuple("city", portfolio::Role::unused, "text")}) {
    portfolio::Column column;
    column.name = name;
    column.role = role;
    column.reason = reason;
    schema.columns.push_back(column);
  }

  EXPECT_EQ(console_text(roles_summary(schema, 100)),
            "id       customer_id\n"
            "left out Row (counts rows)\n"
            "left out city (text)");
  EXPECT_EQ(console_text(roles_summary(portfolio::Schema(), 0)), "id       none: rows are numbered");
}

TEST(FitSummary, SaysWhatToBewareOf) {
  const FitRun run{{2000, 2000, 0}, {"segment 2 is small"}, 0, small_costs(), "run", {}};

  EXPECT_THAT(console_text(fit_summary(small_model(), run)), HasSubstr("\nwarning  segment 2 is small\n"));
}

TEST(SegmentTable, GivesAnEmptySegmentNoDistance) {
  Document document;
  document.add(segment_table({{17, 0}, {17, 0}, {17, 0}, 17}, small_model().names, {}));

  EXPECT_THAT(console_text(document), HasSubstr("        2          0    0.00 %             -"));
}

TEST(SegmentTable, WithholdsSmallSegmentsAndAnother) {
  Document document;
  document.add(segment_table({{50, 3, 20}, {50, 3, 20}, {50, 3, 20}, 73}, {{"1", "A"}, {"2", "B"}, {"3", "C"}}, {}));

  EXPECT_THAT(console_text(document), HasSubstr("        2   withheld        -             -  B\n"
                                                "        3   withheld        -             -"));
}

TEST(SegmentTable, SharesByPeopleAndAveragesByMass) {
  Document document;
  document.add(segment_table({{3, 1}, {2, 8}, {18, 32}, 50}, small_model().names, {0}));

  EXPECT_THAT(console_text(document), HasSubstr("        1          3  75.00 %             3  Low payments, older\n"
                                                "        2          1  25.00 %             2"));
}

TEST(NameSummary, TellsNamesAndWhoGaveThem) {
  EXPECT_EQ(console_text(name_summary(small_model())),
            "  segment  name                      given\n"
            "        1  Low payments, older\n"
            "        2  Cash-dependent revolvers  by a person");
}

TEST(AssignSummary, ComparesTheInertiaWithThatOfTheFit) {
  AssignRun run;
  run.rows = {1000, 1000, 0};
  run.totals = {{600, 400}, {600, 400}, {1200, 800}, 2000};

  EXPECT_THAT(console_text(assign_summary(small_model(), run)),
              HasSubstr("inertia  2,000; 2 a customer, 3.250125 in the portfolio of the fit\n"));
}

TEST(AssignSummary, SaysWhetherColumnsAreAsTheyWereAtTheFit) {
  AssignRun run;
  run.rows = {1000, 1000, 0};
  run.totals = {{600, 400}, {600, 400}, {1200, 800}, 2000};

  EXPECT_THAT(console_text(assign_summary(small_model(), run)), HasSubstr("columns  as they were at the fit\n"));
  run.warnings = {"column age: differs"};
  EXPECT_THAT(console_text(assign_summary(small_model(), run)),
              HasSubstr("columns  not all as they were at the fit:\n         column age: differs\n"));
}

TEST(StudySummary, SaysThatCriteriaAgreeWhereTheyDo) {
  const std::string text = study_text({{"Davies-Bouldin", 2}, {"silhouette", 2}});

  EXPECT_THAT(text, HasSubstr("best by  Davies-Bouldin 2, silhouette 2\n"
                              "         all 2 criteria agree on 2, but none knows what the segments are for"));
  EXPECT_THAT(text, Not(HasSubstr("disagree")));
}

TEST(StudySummary, SaysThatCriteriaDisagreeWhereTheyDo) {
  EXPECT_THAT(study_text({{"a", 4}, {"b", 2}, {"c", 4}}),
              HasSubstr("\n         criteria disagree (2 of 3 prefer 4), and none knows what the segments are for"));
}

TEST(StudySummary, ProposesWhatMostCriteriaPreferAndTheSmallerOfTwo) {
  EXPECT_THAT(study_text({{"a", 4}, {"b", 2}, {"c", 4}}),
              HasSubstr("next     cardseg fit --segments 4 ... (the same model, with labels, tables and a report), or\n"
                        "         cardseg assign --model out/models/k04/model.json "));
  EXPECT_THAT(study_text({{"a", 4}, {"b", 2}}), HasSubstr("cardseg fit --segments 2 "));
}

TEST(StudySummary, ProposesTheSegmentsOfAModelThatWasFittedAgain) {
  quality::StudiedModel four = studied(4);
  four.fit.refitted_from = 3;
  const std::vector<StudyEntry> entries = {entry_of(four, "models/k04/model.json")};

  EXPECT_THAT(console_text(study_summary(entries, {{"a", 4}}, {2000, 1, {}, {}, "out"})),
              HasSubstr("cardseg fit --segments 4 --seeding file --centroids out/models/k04/model.json ... (the same "
                        "segments, with labels, tables and a report), or\n"));
}

TEST(StudySummary, OfOneNumberComparesNothing) {
  const quality::StudiedModel four = studied(4);
  const std::vector<StudyEntry> entries = {entry_of(four, "models/k04/model.json")};

  const std::string text = console_text(study_summary(entries, {{"a", 4}, {"b", 4}}, {2000, 1, {}, {}, "out"}));

  EXPECT_THAT(text, HasSubstr("study    2,000 customers, 1 feature, 1 number of segments, 3 restarts each"));
  EXPECT_THAT(text, HasSubstr("one number of segments was studied: there is nothing to compare it with"));
  EXPECT_THAT(text, Not(HasSubstr("agree on")));
}

TEST(StudySummary, WithoutAnyCriterionProposesTheFewest) {
  const std::string text = study_text({});

  EXPECT_THAT(text, HasSubstr("best by  nothing: one segment has nothing to be compared with"));
  EXPECT_THAT(text, HasSubstr("cardseg fit --segments 2 "));
}

TEST(StudySummary, ShowsADashForWhatIsNotDefined) {
  EXPECT_THAT(study_text({{"a", 2}}),
              HasSubstr("         2  123.45600            1,234.5           1.250      0.5000        -  "));
}

TEST(StudySummary, CountsTheRestartsThatCameToTheInertia) {
  EXPECT_THAT(study_text({{"a", 2}}), HasSubstr("  agreement  reached\n"));
  EXPECT_THAT(study_text({{"a", 2}}), HasSubstr("     0.6250        2\n"));
}

TEST(GenerateSummary, ListsTheTrueSegments) {
  generate::GeneratorReport report;
  report.customers = 20000;
  report.columns = 23;
  report.shards = 1;
  report.segments = {{1, "transactors", "Pay in full", 0.25, 5000}};

  EXPECT_THAT(console_text(generate_summary(report, "p")),
              testing::StartsWith("generate 20,000 customers, 23 columns, 1 shard\n"
                                  "  segment  name         customers  what they do\n"
                                  "        1  transactors      5,000  Pay in full\n"
                                  "files    p/shards/"));
}

TEST(ConvertSummary, CountsWhatWasLeftOut) {
  convert::ConvertReport report;
  report.rows = 39;
  report.rows_written = 39;
  report.bad_rows = 1;
  report.bad_row_reasons = {{"too few fields", 1}};
  report.columns.resize(1);
  report.columns[0].spec = {"postcode", io::ColumnType::text};
  report.columns[0].missing = 1200;

  const std::string text = console_text(convert_summary(report, "shards"));

  EXPECT_THAT(text, HasSubstr("  postcode  text    1,200\n"));
  EXPECT_THAT(text, HasSubstr("skipped  1 row: too few fields\nrows     40 in = 39 written + 1 rejected\n"));
}

TEST(ConvertSummary, TellsDatesNotesAndTheRecord) {
  convert::ConvertReport report;
  report.columns.resize(2);
  report.columns[0].spec = {.name = "opened", .type = io::ColumnType::int32, .is_date = true};
  report.columns[1].spec = {"rate", io::ColumnType::text};
  report.columns[1].note = "is kept as text; read with " + core::field("decimal") + " ,";

  const std::string text = console_text(convert_summary(report, "shards"));

  EXPECT_THAT(text, HasSubstr("  opened  date        -\n"));
  EXPECT_THAT(text, HasSubstr("  rate    text        -  is kept as text; read with --decimal ,\n"));
  EXPECT_THAT(text, HasSubstr("\nrecord   shards/conversion.json: "));
}

TEST(ColumnsSummary, TellsRangesMissingValuesAndConstants) {
  portfolio::RawFacts facts;
  facts.present = 10;
  facts.missing = 1200;
  facts.min = facts.max = facts.mean = 2.5;
  const std::string text = console_text(columns_summary({{"balance", "float64", facts, {2.5, 2.5}},
                                                         {"region", "text", {}, {}},
                                                         {"empty", "int32", portfolio::RawFacts(), {}}}));

  EXPECT_EQ(text,
            "  column   type     missing  range\n"
            "  balance  float64    1,200  2.5 to 2.5, mean 2.5, constant\n"
            "  region   text\n"
            "  empty    int32          -  no rows");
}

TEST(ValidateSummary, SaysHowEachFeatureIsPrepared) {
  Validated validated;
  validated.rows = 2000;
  validated.columns = {support::model_feature("balance", 0, 1), support::model_feature("tenure", 0, 0)};
  validated.storage = "in memory";

  const std::string text = console_text(validate_summary(validated));

  EXPECT_THAT(text, testing::StartsWith("id       none: rows are numbered\nfeature  balance: "));
  EXPECT_THAT(text, HasSubstr("weight 1; not used, because it is constant or has no weight\n"));
  EXPECT_THAT(text, testing::EndsWith("valid    2,000 customers, 1 feature"));
}

}  // namespace cardseg::report
