#include "cardseg/segments/tables.hpp"

#include <gmock/gmock.h>

#include "cardseg/io/atomic_file.hpp"
#include "cardseg/profile/disclosure.hpp"
#include "support/small_model.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::segments {
namespace {

using core::ExitCode;
using support::error_of;
using support::small_model;
using support::TemporaryDirectory;
using testing::AllOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

cluster::Centroids read_text(const std::string& text, const Model& model = small_model()) {
  const TemporaryDirectory directory;
  io::write_file(directory / "centroids.csv", text);
  return read_centroids_csv(directory / "centroids.csv", model.columns, model.segments());
}

// One segment, one feature: balance = 10 + 2 scaled.
cluster::Centroids read_one(const std::string& text) {
  Model model = support::smallest_model();
  return read_text(text, model);
}

std::string refusal(const std::string& text) {
  const core::Error error = error_of([&] { read_one(text); });
  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_THAT(error.place().file, HasSubstr("centroids.csv"));
  return error.what();
}

// Nothing is withheld.
profile::Profile published(const Model& model) { return profile::disclosed_sizes(model.totals.customers, {0}); }

profile::Profile published_with(const Model& model, profile::ColumnProfile column) {
  profile::Profile profile = published(model);
  profile.columns.push_back(std::move(column));
  return profile;
}

profile::ColumnProfile number_column(const std::string& name, std::size_t groups) {
  profile::ColumnProfile column;
  column.column.name = name;
  column.numbers.resize(groups);
  return column;
}

}  // namespace

TEST(SegmentsCsv, HasOneLineASegmentAndSharesOfTheWhole) {
  Model model = small_model();
  model.totals = {{75, 25, 0}, {75, 25, 0}, {300.0, 25.0, 0.0}, 325.0};

  const std::string text = segments_csv(model, {{"revenue", {30.0, 10.0, 0.0}}}, published(model));

  EXPECT_EQ(text,
            "segment,name,customers,share,inertia,rms_distance,total_revenue,share_revenue\n"
            "1,Segment 1,75,0.75,300,2,30,0.75\n"
            "2,Segment 2,25,0.25,25,1,10,0.25\n"
            "3,Segment 3,0,0,0,0,0,0\n");
}

TEST(SegmentsCsv, HasWhatElseIsKnownBeforeTotals) {
  const std::string text = segments_csv(small_model(), {{"revenue", {3, 2, 1}}}, published(small_model()),
                                        {{"silhouette", {0.25, -0.5, {}}}});

  EXPECT_THAT(text, HasSubstr(",rms_distance,silhouette,total_revenue,"));
  EXPECT_THAT(text, ContainsRegex(",0\\.25,3,0\\.5\n2,.*,-0\\.5,2,.*\n3,.*,,1,"));
}

TEST(SegmentsCsv, SharesByPeopleAndAveragesByMass) {
  Model model = small_model();
  model.totals = {{3, 1, 0}, {2, 8, 0}, {18.0, 32.0, 0.0}, 50.0};

  EXPECT_THAT(segments_csv(model, {}, published(model)),
              HasSubstr("1,Segment 1,3,0.75,18,3\n2,Segment 2,1,0.25,32,2\n"));
}

TEST(SegmentsCsv, QuotesNamesThatNeedIt) {
  EXPECT_THAT(segments_csv(small_model(), {{"a,\"b\"", {1, 2, 3}}}, published(small_model())),
              HasSubstr(",\"total_a,\"\"b\"\"\",\"share_a,\"\"b\"\"\"\n"));
}

TEST(SegmentsCsv, GivesNoShareOfNothing) {
  EXPECT_THAT(segments_csv(small_model(), {{"revenue", {0, 0, 0}}}, published(small_model())), HasSubstr(",0,0\n"));
}

TEST(SegmentsCsv, SaysNothingOfWithheldSegmentsButTheirNumbersAndNames) {
  Model model = small_model();
  model.totals = {{75, 25, 4}, {75, 25, 4}, {300.0, 25.0, 1.0}, 326.0};

  const std::string text =
      segments_csv(model, {{"revenue", {30.0, 10.0, 5.0}}}, profile::disclosed_sizes(model.totals.customers, {10}));

  EXPECT_THAT(text, HasSubstr("\n1,Segment 1,75,"));
  EXPECT_THAT(text, HasSubstr("\n2,Segment 2,,,,,,\n3,Segment 3,,,,,,\n"));
}

TEST(SegmentsCsv, LeavesOutWithheldTotals) {
  const Model model = small_model();
  profile::ColumnProfile revenue = number_column("revenue", 4);
  revenue.numbers[1].total.is_withheld = revenue.numbers[1].total_share.is_withheld = true;

  EXPECT_THAT(segments_csv(model, {{"revenue", {30.0, 10.0, 0.0}}}, published_with(model, revenue)),
              AllOf(HasSubstr(",,\n2,Segment 2,20,"), HasSubstr(",10,0.25\n")));
}

TEST(CentroidsCsv, LeavesOutWhatTheProfileWithholds) {
  const Model model = small_model();
  profile::ColumnProfile balance = number_column("balance", 4);
  balance.numbers[2].mean.is_withheld = true;

  EXPECT_THAT(centroids_csv(model, published_with(model, balance)),
              AllOf(HasSubstr("1,balance,0,10,none\n"), HasSubstr("2,balance,,,none\n"), HasSubstr("\n3,balance,1")));
  balance.numbers[0].mean.is_withheld = true;
  EXPECT_THAT(
      centroids_csv(model, published_with(model, balance)),
      AllOf(HasSubstr("1,balance,,,none\n"), HasSubstr("3,balance,,,none\n"), HasSubstr("1,\"spend, total\",0,")));
}

TEST(CentroidsCsv, ReadsBackToTheSameBits) {
  for (const char* name : {"spend, total", "plain", "with \"quotes\"", "two\nlines", "carriage\rreturn", " spaces "}) {
    Model model = small_model();
    model.columns[2].column.name = name;

    EXPECT_EQ(read_text(centroids_csv(model, published(model)), model).values, model.centroids.values) << name;
  }
}

TEST(CentroidsCsv, ShowsScaledAndOriginalUnitsSideBySide) {
  EXPECT_THAT(centroids_csv(small_model(), published(small_model())),
              StartsWith("segment,column,scaled,original,transform\n1,balance,0,10,none\n1,\"spend, total\",0,"));
}

TEST(CentroidsCsv, IsReadWithColumnsInAnyOrderAndFromOtherPrograms) {
  EXPECT_THAT(read_one("scaled,column,segment\n2.5,balance,1\n").values, ElementsAre(2.5));
  EXPECT_THAT(read_one("segment,column,scaled\r\n1,balance,2.5\r\n\r\n").values, ElementsAre(2.5));
  EXPECT_THAT(read_one("\xEF\xBB\xBFsegment,column,scaled\n1,balance,2.5").values, ElementsAre(2.5));
}

TEST(CentroidsCsv, IsEncodedFromOriginalUnitsWhereScaledIsAbsentOrEmpty) {
  EXPECT_THAT(read_one("segment,column,original\n1,balance,14\n").values, ElementsAre(2.0));
  EXPECT_THAT(read_one("segment,column,scaled,original\n1,balance,,14\n").values, ElementsAre(2.0));
}

TEST(CentroidsCsv, RefusesAHeaderWithoutTheColumnsItNeeds) {
  for (const char* text : {"", "segment,column\n", "column,scaled\n1\n", "segment,scaled\n"})
    EXPECT_THAT(refusal(text), HasSubstr("line 1: the header lacks segment, column, or both of scaled and original"));
}

TEST(CentroidsCsv, NamesTheLineOfWhatCannotBeUsed) {
  const std::string header = "segment,column,scaled,original\n";

  EXPECT_THAT(refusal(header + "1,balance\n"), HasSubstr("line 2: too few fields"));
  EXPECT_THAT(refusal(header + "\n1,balanc,1,\n"), HasSubstr("line 3: 'balanc' is not a feature of this fit"));
  EXPECT_THAT(refusal(header + "1,balance,one,\n"), HasSubstr("line 2: a value is not a finite number"));
  EXPECT_THAT(refusal(header + "1,balance,inf,\n"), HasSubstr("line 2: a value is not a finite number"));
  EXPECT_THAT(refusal(header + "1,balance,,\n"),
              HasSubstr("line 2: there is no value: what would tell of few customers"));
  EXPECT_THAT(refusal(header + "0,balance,1,\n"), HasSubstr("line 2: the segment is not a whole number from 1 to 1"));
  EXPECT_THAT(refusal(header + "2,balance,1,\n"), HasSubstr("from 1 to 1"));
  EXPECT_THAT(refusal(header + "1.5,balance,1,\n"), HasSubstr("from 1 to 1"));
  EXPECT_THAT(refusal(header + "1,balance,1,\n1,balance,2,\n"),
              HasSubstr("line 3: a second value for this segment and column"));
  EXPECT_THAT(refusal(header + "1,balance,1e200,\n"), HasSubstr("line 2: the value is too large"));
}

TEST(CentroidsCsv, RefusesAnEmptyScaledValueWhereThereIsNoOriginal) {
  EXPECT_THAT(refusal("segment,column,scaled\n1,balance,\n"), HasSubstr("line 2: there is no value"));
}

TEST(CentroidsCsv, RefusesAValueThatTheColumnsTransformDoesNotTake) {
  Model model = support::smallest_model();
  std::get<portfolio::NumberEncoder>(model.columns[1].encoder).settings.transform = portfolio::Transform::log1p;

  EXPECT_THAT(error_of([&] { read_text("segment,column,original\n1,balance,-2\n", model); }).what(),
              HasSubstr("line 2: the value cannot be transformed as the column is"));
}

TEST(CentroidsCsv, NamesASegmentAndAFeatureWithoutAValue) {
  const core::Error error =
      error_of([] { read_text("segment,column,scaled\n1,balance,1\n1,\"spend, total\",2\n2,balance,3\n"); });

  EXPECT_THAT(error.what(), HasSubstr("segment 2 has no value"));
  EXPECT_EQ(error.place().column, "spend, total");
}

TEST(CentroidsCsv, SaysWhereTheFileIsAbsent) {
  EXPECT_EQ(error_of([] { read_centroids_csv("/nonexistent/centroids.csv", small_model().columns, 3); }).code(),
            ExitCode::input_missing);
}

}  // namespace cardseg::segments
