#include "generate/generator_shifts.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cardseg/core/error.hpp"

namespace cardseg::generate {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::SizeIs;

constexpr core::Range customers{0, 4000};

std::size_t place_of(const PortfolioGenerator& generator, const std::string& name) {
  const auto found = std::ranges::find(generator.columns(), name, &io::ColumnSpec::name);
  return static_cast<std::size_t>(found - generator.columns().begin());
}

template <class T>
std::vector<T> values_of(const GeneratorOptions& options, const std::string& name) {
  const PortfolioGenerator generator(options);
  return std::get<std::vector<T>>(generator.rows(customers)[place_of(generator, name)]);
}

std::string refusal(const std::string& shift) {
  try {
    validate({.shifts = {shift}});
  } catch (const core::Error& error) {
    EXPECT_EQ(error.code(), core::ExitCode::usage);
    return error.what();
  }
  return "";
}

TEST(Months, KeepCustomersAndDrawWhatTheyDoAnew) {
  EXPECT_EQ(values_of<std::string>({}, "customer_id"), values_of<std::string>({.month = 3}, "customer_id"));
  EXPECT_EQ(values_of<std::string>({}, "region"), values_of<std::string>({.month = 3}, "region"));
  EXPECT_EQ(values_of<double>({}, "credit_limit"), values_of<double>({.month = 3}, "credit_limit"));
  EXPECT_NE(values_of<double>({}, "purchases"), values_of<double>({.month = 3}, "purchases"));
  EXPECT_NE(values_of<double>({.month = 2}, "purchases"), values_of<double>({.month = 3}, "purchases"));
  EXPECT_EQ(values_of<std::int32_t>({.month = 3}, "tenure_months")[0],
            values_of<std::int32_t>({}, "tenure_months")[0] + 3);
  EXPECT_TRUE(PortfolioGenerator({.month = 3}).truth(customers) == PortfolioGenerator({}).truth(customers));
}

TEST(Shifts, ChangeTheirColumnAlone) {
  const std::vector<double> before = values_of<double>({}, "payments");
  const std::vector<double> after = values_of<double>({.shifts = {"drift:payments:1.5"}}, "payments");

  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(after[i], 1.5 * before[i], 0.0051);
  EXPECT_EQ(values_of<double>({}, "purchases"), values_of<double>({.shifts = {"drift:payments:1.5"}}, "purchases"));
  const std::vector<double> units = values_of<double>({.shifts = {"unit:payments:100"}}, "payments");
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(units[i], 100 * before[i]);
}

TEST(Shifts, EmptyAFeedAndMakeALevel) {
  for (const double value : values_of<double>({.shifts = {"feed:payments"}}, "payments"))
    EXPECT_TRUE(std::isnan(value));
  EXPECT_THAT(values_of<std::string>({.shifts = {"feed:income_band"}}, "income_band"), Each(""));
  const auto regions = values_of<std::string>({.shifts = {"level:region:airport:0.25"}}, "region");
  EXPECT_NEAR(static_cast<double>(std::ranges::count(regions, "airport")) / 4000, 0.25, 0.03);
}

TEST(Shifts, MoveCustomersAndTellWhereFrom) {
  const PortfolioGenerator before({});
  const PortfolioGenerator after({.shifts = {"move:1:3:0.5", "grow:8:2"}});

  const io::Block truth = after.truth(customers);

  ASSERT_THAT(truth, SizeIs(4));
  const auto& segments = std::get<std::vector<std::int32_t>>(truth[1]);
  const auto& moved_from = std::get<std::vector<std::int32_t>>(truth[3]);
  std::array<double, 9> now{};
  std::array<double, 9> then{};
  int moved = 0;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const int own = before.segment_of(static_cast<std::int64_t>(i));
    ++then[static_cast<std::size_t>(own)];
    ++now[static_cast<std::size_t>(segments[i])];
    EXPECT_EQ(moved_from[i], own == segments[i] ? 0 : own);
    if (own == 1 && segments[i] == 3) ++moved;
    EXPECT_EQ(after.segment_of(static_cast<std::int64_t>(i)), segments[i]);
  }
  EXPECT_NEAR(moved / then[1], 0.5 * 0.95, 0.04);  // some of them went on to segment 8
  EXPECT_NEAR(now[8] / 4000, 0.1, 0.02);           // of 5 %
}

TEST(Shifts, AreExplainedWhereTheyCannotBe) {
  EXPECT_THAT(refusal("drop:payments"), HasSubstr("shift cannot be 'drop'"));
  EXPECT_THAT(refusal("drift:payments"),
              HasSubstr("cannot be 'drift:payments': it has 2 parts. Write drift:COLUMN:FACTOR"));
  EXPECT_THAT(refusal("drift:paiments:2"), HasSubstr("no column 'paiments' can be shifted. Did you mean 'payments'?"));
  EXPECT_THAT(refusal("drift:region:2"), HasSubstr("holds text"));
  EXPECT_THAT(refusal("feed:transactions"), HasSubstr("cannot be missing"));
  EXPECT_THAT(refusal("level:payments:x:0.1"), HasSubstr("holds numbers"));
  EXPECT_THAT(refusal("move:1:9:0.1"), HasSubstr("'9' is no number from 1 to 8"));
  EXPECT_THAT(refusal("grow:1.5:2"), HasSubstr("whole number"));
}

TEST(Shifts, AreWrittenAsATable) {
  const std::string csv = shifts_csv(make_shifts({.shifts = {"drift:payments:1.5", "feed:balance", "move:1:2:0.25"}}));

  EXPECT_EQ(csv, "kind,column,level,from,to,value\ndrift,payments,,,,1.5\nfeed,balance,,,,\nmove,,,1,2,0.25\n");
}

}  // namespace
}  // namespace cardseg::generate
