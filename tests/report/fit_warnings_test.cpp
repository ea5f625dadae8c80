#include "cardseg/report/fit_warnings.hpp"

#include <gmock/gmock.h>

#include "support/small_model.hpp"

namespace cardseg::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// 50, 20 and 3 customers; 4 of 10 restarts came to the least inertia, which stopped at its fixed point.
segments::Model model_with(const std::vector<std::int64_t>& customers) {
  segments::Model model = support::small_model();
  model.totals.customers = customers;
  return model;
}

}  // namespace

TEST(FitWarnings, SayNothingOfAFitAsItShouldBe) { EXPECT_THAT(fit_warnings(model_with({50, 20, 10}), {}), IsEmpty()); }

TEST(FitWarnings, NameSmallSegments) {
  EXPECT_THAT(fit_warnings(model_with({50, 20, 3}), {}),
              ElementsAre(HasSubstr("segment 3 has fewer than 10 customers: too few")));
  EXPECT_THAT(fit_warnings(model_with({50, 9, 1}), {}),
              ElementsAre(HasSubstr("segments 2 and 3 have fewer than 10 customers: ")));
  EXPECT_THAT(fit_warnings(model_with(std::vector<std::int64_t>(1200, 2)), {}),
              ElementsAre(HasSubstr("1,200 segments have fewer than 10 customers")));
  EXPECT_THAT(fit_warnings(model_with({50, 20, 3}), {.min_cell = 3}), IsEmpty());
}

TEST(FitWarnings, NameTheLimitThatAFitStoppedAt) {
  segments::Model model = model_with({50, 20, 10});
  model.fit.stop = "max-iterations";

  EXPECT_THAT(fit_warnings(model, {}), ElementsAre(HasSubstr("the fit stopped at its limit of 23 iterations")));
}

TEST(FitWarnings, SayThatTheBestWasReachedOnce) {
  segments::Model model = model_with({50, 20, 10});
  model.fit.reached = 1;

  EXPECT_THAT(fit_warnings(model, {}), ElementsAre(HasSubstr("only one of 10 restarts came to the least inertia")));
  model.fit.restarts = 1;
  EXPECT_THAT(fit_warnings(model, {}), IsEmpty());
}

TEST(FitWarnings, SayThatMovesAloneFoundTheBest) {
  segments::Model model = model_with({50, 20, 10});
  model.fit.reached = 0;

  EXPECT_THAT(fit_warnings(model, {}),
              ElementsAre(HasSubstr("moves between segments found the least inertia, and none of 10 restarts came")));
  model.fit.restarts = 1;
  EXPECT_THAT(fit_warnings(model, {}), IsEmpty());
}

TEST(FitWarnings, SayThatAStudyFittedItAgain) {
  segments::Model model = model_with({50, 20, 10});
  model.fit.reached = 0;
  model.fit.refitted_from = 2;

  EXPECT_THAT(fit_warnings(model, {}),
              ElementsAre("its restarts came to a higher inertia than 2 segments have, so it was fitted again from "
                          "those: more restarts may find a lower one"));
}

TEST(FitWarnings, SayNothingOfWhatAnOldModelDoesNotKnow) {
  segments::Model model = model_with({50, 20, 10});
  model.fit.reached.reset();

  EXPECT_THAT(fit_warnings(model, {}), IsEmpty());
}

}  // namespace cardseg::report
