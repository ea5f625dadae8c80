#include "cardseg/run/guard.hpp"

#include <gmock/gmock.h>

#include "support/small_model.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::run {
namespace {

using portfolio::ColumnShift;
using support::error_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Of the model's two features, "balance" and "spend, total": range -1.5 to 99.25, 3 of 73 customers without a value.
std::vector<ShiftFinding> findings(const ColumnShift& balance, const GuardOptions& options = {}) {
  const ColumnShift as_at_the_fit{.present = 960, .missing = 40};
  return find_shifts(support::small_model(), std::vector{balance, as_at_the_fit}, options);
}

std::string text_of(const ColumnShift& balance) {
  const std::vector<ShiftFinding> found = findings(balance);
  return found.empty() ? "" : found.front().text;
}

bool is_refused(const ColumnShift& balance, const GuardOptions& options = {}) {
  const std::vector<ShiftFinding> found = findings(balance, options);
  return !found.empty() && found.front().is_refused;
}

}  // namespace

TEST(FindShifts, SaysNothingOfCustomersLikeThoseOfTheFit) {
  EXPECT_THAT(findings({.present = 960, .missing = 40, .below = 2, .above = 1, .mean_shift = 0.2}), IsEmpty());
}

TEST(FindShifts, NamesTheColumnItsFigureAndThatOfTheFit) {
  const ColumnShift shift{.present = 900, .missing = 100, .below = 20, .above = 100, .mean_shift = 0.5};

  const std::vector<ShiftFinding> found = findings(shift);

  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].column, "balance");
  EXPECT_FALSE(found[0].is_refused);
  EXPECT_EQ(found[0].text,
            "120 of 1,000 customers (12 %) lie outside its range at the fit, -1.5 to 99.25; its mean is 0.5 standard "
            "deviations above that of the fit");
}

TEST(FindShifts, SaysThatValuesAreMissingMoreOftenOrLessOften) {
  EXPECT_EQ(text_of({.present = 850, .missing = 150}),
            "150 of 1,000 customers (15 %) lack a value; 4.1 % did at the fit");
  segments::Model model = support::small_model();
  model.columns[1].facts.missing = 60;
  const std::vector<ShiftFinding> found =
      find_shifts(model, std::vector<ColumnShift>{{.present = 1000}, {.present = 1000}}, {});
  EXPECT_EQ(found[0].text, "0 of 1,000 customers (0 %) lack a value; 46 % did at the fit");
  EXPECT_FALSE(found[0].is_refused);
}

TEST(FindShifts, RefuseMoreThanTheGuardLetsPass) {
  EXPECT_FALSE(is_refused({.present = 1000, .above = 200}));
  EXPECT_TRUE(is_refused({.present = 1000, .above = 201}));
  EXPECT_TRUE(is_refused({.present = 1000, .below = 100, .above = 101}));
  EXPECT_FALSE(is_refused({.present = 760, .missing = 240}));
  EXPECT_TRUE(is_refused({.present = 750, .missing = 250}));
  EXPECT_TRUE(is_refused({.present = 0, .missing = 5}));
}

TEST(FindShifts, RefuseAMeanThatIsFarOffInAColumnOfManyZeros) {
  EXPECT_TRUE(is_refused({.present = 1000, .above = 60, .mean_shift = 12}));
  EXPECT_FALSE(is_refused({.present = 1000, .above = 1, .mean_shift = 12}));
}

TEST(FindShifts, FollowTheOptions) {
  const ColumnShift some{.present = 1000, .above = 40};
  EXPECT_TRUE(is_refused(some, {.guard = 0.03}));
  EXPECT_FALSE(is_refused(some, {.guard = 0.05}));
  EXPECT_FALSE(is_refused({.present = 0, .missing = 1000}, {.no_guard = true}));
}

TEST(FindShifts, OnlyWarnOfVeryFewCustomers) {
  EXPECT_FALSE(is_refused({.present = 0, .missing = 4}));
  EXPECT_THAT(text_of({.present = 4, .above = 4}), HasSubstr("4 of 4 customers (100 %)"));
}

TEST(FindShifts, TakeChanceIntoAccountInTheMean) {
  EXPECT_EQ(text_of({.present = 16, .mean_shift = 0.7}), "");
  EXPECT_THAT(text_of({.present = 1600, .mean_shift = -0.7}), HasSubstr("0.7 standard deviations below"));
}

TEST(GuardOptions, HaveARange) {
  EXPECT_NO_THROW(validate(GuardOptions()));
  EXPECT_THAT(error_of([] { validate(GuardOptions{.guard = 0}); }).what(), HasSubstr("0.01 to 1"));
  EXPECT_EQ(guard_text({}), "0.2");
  EXPECT_EQ(guard_text({.no_guard = true}), "off");
}

}  // namespace cardseg::run
