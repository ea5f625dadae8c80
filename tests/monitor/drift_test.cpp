#include "cardseg/monitor/drift.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "cardseg/monitor/drift_tables.hpp"
#include "support/watched_model.hpp"

namespace cardseg::monitor {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsNan;
using testing::Not;
using testing::StartsWith;

// A thousand times the model of watched_model.hpp, so that chance explains little.
segments::Model large_model() {
  segments::Model model = support::watched_model();
  profile::Baseline& baseline = *model.baseline;
  const auto times = [](profile::Count& count) { count.customers *= 1000; };
  for (std::int64_t& customers : model.totals.customers) customers *= 1000;
  for (profile::Count& count : baseline.customers) times(count);
  for (profile::BaselineColumn& column : baseline.columns)
    for (auto& row : column.counts)
      for (profile::Count& count : row) times(count);
  return model;
}

// The same customers again: those of segment 2's withheld cells are ten, whatever their cell.
Month same_month() {
  Month month;
  month.customers = {73000, 50000, 20000, 3000};
  month.far = {730, 500, 200, 30};
  month.columns.resize(2);
  month.columns[0].counts = {
      {0, 13000, 40000, 20000}, {0, 10000, 30000, 10000}, {0, 3000, 10000, 7000}, {0, 0, 0, 3000}};
  month.columns[1].counts = {{0, 40000, 33000, 0}, {0, 30000, 20000, 0}, {0, 9000, 11000, 0}, {0, 1000, 2000, 0}};
  month.reconstruction = Reconstruction{73000, 0.75, 1.0};
  return month;
}

std::string reasons_of(const ColumnDrift& column) {
  std::string text;
  for (const Reason& reason : column.reasons) text += reason.text + ";";
  return text;
}

TEST(Drift, IsGreenWhereNothingChanged) {
  const Drift drift = judge(large_model(), same_month(), {}, {});

  EXPECT_EQ(drift.light, Light::green);
  EXPECT_THAT(drift.reasons, IsEmpty());
  EXPECT_EQ(drift.columns[0].psi, 0.0);
  EXPECT_EQ(drift.mix_psi, 0.0);
  EXPECT_NEAR(drift.reconstruction, 1.0, 1e-15);
}

TEST(Drift, NamesColumnDirectionAndSegments) {
  Month month = same_month();
  month.columns[0].counts[0] = {0, 13000, 10000, 50000};
  month.columns[0].counts[1] = {0, 10000, 0, 40000};

  const Drift drift = judge(large_model(), month, {}, {});

  EXPECT_EQ(drift.light, Light::red);
  EXPECT_EQ(drift.columns[0].light, Light::red);
  EXPECT_THAT(reasons_of(drift.columns[0]), HasSubstr("values are higher"));
  EXPECT_EQ(drift.columns[0].reasons.back().segment, 1);
  EXPECT_EQ(drift.columns[1].light, Light::green);
}

TEST(Drift, TakesNoLightFromWhatChanceExplains) {
  const segments::Model small = support::watched_model();
  Month month = same_month();
  month.customers = {73, 50, 20, 3};
  month.far = {1, 1, 0, 0};
  month.columns[0].counts = {{0, 18, 32, 23}, {0, 15, 25, 10}, {0, 3, 7, 10}, {0, 0, 0, 3}};
  month.columns[1].counts = {{0, 30, 43, 0}, {0, 25, 25, 0}, {0, 4, 16, 0}, {0, 1, 2, 0}};
  month.reconstruction.reset();

  const Drift drift = judge(small, month, {}, {});

  EXPECT_GT(drift.columns[1].psi, 0.05);
  EXPECT_EQ(drift.light, Light::green);
}

TEST(Drift, SaysWhatIsMissingAndWhatIsNew) {
  Month month = same_month();
  month.columns[0].counts[0] = {73000, 0, 0, 0};
  month.columns[1].counts[0] = {0, 60000, 0, 13000};
  month.columns[1].new_levels = {{"Kiel", 12000}, {"Jena", 1000}};

  const Drift drift = judge(large_model(), month, {}, {});

  EXPECT_THAT(reasons_of(drift.columns[0]), HasSubstr("100.0 % lack a value; 0.0 % did at the fit"));
  EXPECT_THAT(reasons_of(drift.columns[1]), HasSubstr("17.8 % have a level that the fit did not know: Kiel, Jena"));
  EXPECT_THAT(reasons_of(drift.columns[1]), HasSubstr("nobody has a level that the fit had: Ulm"));
  EXPECT_THAT(drift.columns[0].ks, IsNan());
}

TEST(Drift, IsRedWhereTheGuardOfAssignWouldRefuse) {
  const Drift drift = judge(large_model(), same_month(), std::vector<Refusal>{{"balance", "40 % lie outside"}}, {});

  EXPECT_EQ(drift.columns[0].light, Light::red);
  EXPECT_THAT(reasons_of(drift.columns[0]), HasSubstr("assign would refuse it: 40 % lie outside"));
}

TEST(Drift, SeesSegmentsThatGrowAndDistances) {
  Month month = same_month();
  month.customers = {73000, 30000, 40000, 3000};
  month.far[0] = 9000;
  month.reconstruction->mean = 2.0;
  month.columns[0].absent = "the shards do not have it";

  const Drift drift = judge(large_model(), month, {}, {});

  EXPECT_EQ(drift.segments[1].light, Light::red);
  EXPECT_THAT(drift.segments[1].reasons.front().text, HasSubstr("54.8 % of the customers, 27.4 % at the fit"));
  ASSERT_EQ(drift.reasons.size(), 3u);  // the division, distances, directions
  EXPECT_THAT(drift.reasons[2].text, HasSubstr("2.67 times as much"));
  EXPECT_EQ(drift.columns[0].light, Light::amber);
}

TEST(Drift, TellsNothingOfSegmentsThatAreWithheldOrSmall) {
  Month month = same_month();
  month.customers = {73000, 50000, 9, 22991};

  const Drift drift = judge(large_model(), month, {}, {});

  EXPECT_THAT(drift.segments[1].share_now, IsNan());
  EXPECT_THAT(drift.segments[2].share_now, IsNan());
  for (const DriftFigure& figure : drift.figures)
    if (!figure.column.empty()) {
      EXPECT_LT(figure.segment, 2) << figure.column;
    }
  EXPECT_THAT(drift_csv(drift), Not(HasSubstr("\n,3,")));
}

TEST(Drift, ComparesNothingOfAMonthOfFewCustomers) {
  Month month = same_month();
  month.customers = {7, 7, 0, 0};

  const Drift drift = judge(large_model(), month, {}, {});

  EXPECT_EQ(drift.light, Light::amber);
  EXPECT_EQ(drift.reasons.front().text, "fewer than 10 customers: nothing is compared");
}

TEST(DriftTables, HaveALineForEachFigure) {
  const Drift drift = judge(large_model(), same_month(), {}, {});

  const std::string csv = drift_csv(drift);

  EXPECT_THAT(csv, AllOf(StartsWith("column,segment,statistic,value,threshold,light\n,1,share_then,"),
                         HasSubstr("\nbalance,0,psi,0,0.1,green\n"), HasSubstr("\nbalance,0,resemblance,1,,\n")));
  EXPECT_EQ(std::ranges::count(csv, '\n'), static_cast<std::ptrdiff_t>(drift.figures.size()) + 1);
  EXPECT_THAT(drift_json(drift, "abc"), HasSubstr("\"model_id\": \"abc\""));
}

}  // namespace
}  // namespace cardseg::monitor
