#include "cardseg/portfolio/feature_layout.hpp"

#include <gtest/gtest.h>

namespace cardseg::portfolio {
namespace {

FittedColumn column(Role role, double factor) {
  FittedColumn fitted;
  fitted.column.role = role;
  fitted.encoder = NumberEncoder{{}, 0.0, 0.0, factor};
  return fitted;
}

}  // namespace

TEST(FeatureLayout, GivesEachFeatureColumnABlockInOrder) {
  const FeatureLayout layout({column(Role::id, 1), column(Role::feature, 1), column(Role::unused, 0),
                              column(Role::profile, 1), column(Role::feature, 2)});

  ASSERT_EQ(layout.blocks().size(), 2u);
  EXPECT_EQ(layout.features(), 2);
  EXPECT_EQ(layout.blocks()[0].column, 1);
  EXPECT_EQ(layout.blocks()[1].column, 4);
  EXPECT_EQ(layout.blocks()[1].begin, 1);
  EXPECT_EQ(layout.block_of(0).column, 1);
  EXPECT_EQ(layout.block_of(1).column, 4);
}

TEST(FeatureLayout, OfNothingHasNoFeatures) {
  EXPECT_EQ(FeatureLayout().features(), 0);
  EXPECT_EQ(FeatureLayout({column(Role::id, 1)}).features(), 0);
}

}  // namespace cardseg::portfolio
