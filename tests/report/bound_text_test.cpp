#include "cardseg/report/bound_text.hpp"

#include <gtest/gtest.h>

namespace cardseg::report {
namespace {

segments::Model model_with(std::optional<cluster::InertiaBound> bound, double inertia) {
  segments::Model model;
  model.centroids = cluster::Centroids(8, 9);
  model.totals.total_inertia = inertia;
  model.fit.bound = bound;
  return model;
}

std::string text_of(std::optional<cluster::InertiaBound> bound, double inertia) {
  return bound_text(model_with(bound, inertia));
}

}  // namespace

TEST(BoundText, SaysHowLowAnInertiaCanBe) {
  EXPECT_EQ(text_of({{349000, false}}, 476837), "no grouping into 8 segments can lie below 349,000 (73 % of it)");
  EXPECT_EQ(inertia_and_bound_text(model_with({{349000, false}}, 476837)),
            "inertia 476,837; no grouping into 8 segments can lie below 349,000 (73 % of it)");
  EXPECT_EQ(text_of({{349000, true}}, 476837),
            "no grouping into 8 segments can lie below 349,000 (73 % of it), as a sample of the customers suggests");
}

TEST(BoundText, IsEmptyWhereThatSaysNothing) {
  EXPECT_EQ(text_of({}, 476837), "");
  EXPECT_EQ(inertia_and_bound_text(model_with({}, 476837)), "");
  EXPECT_EQ(text_of({{1000, false}}, 476837), "");
  EXPECT_EQ(text_of({{477000, true}}, 476837), "");  // a sample's
  EXPECT_EQ(text_of({{1, false}}, 0), "");
}

}  // namespace cardseg::report
