#include "cardseg/core/decimal_places.hpp"

#include <gtest/gtest.h>

namespace cardseg::core {

TEST(DecimalPlaces, AreThoseThatANumberWasWrittenWith) {
  EXPECT_EQ(decimal_places(0, StoredAs::float64), 0);
  EXPECT_EQ(decimal_places(-17, StoredAs::float64), 0);
  EXPECT_EQ(decimal_places(0.5, StoredAs::float64), 1);
  EXPECT_EQ(decimal_places(0.1, StoredAs::float64), 1);
  EXPECT_EQ(decimal_places(-31161862.69, StoredAs::float64), 2);
  EXPECT_EQ(decimal_places(4503599627370.123, StoredAs::float64), 3);
  EXPECT_EQ(decimal_places(1e-9, StoredAs::float64), 9);
}

TEST(DecimalPlaces, AreNoneOfAQuotientOrOfMoreDigitsThanAreHeld) {
  EXPECT_EQ(decimal_places(1.0 / 3, StoredAs::float64), no_decimal_places);
  EXPECT_EQ(decimal_places(0.1 + 0.2, StoredAs::float64), no_decimal_places);
  EXPECT_EQ(decimal_places(1e-10, StoredAs::float64), no_decimal_places);
  EXPECT_EQ(decimal_places(1e300, StoredAs::float64), no_decimal_places);
}

TEST(DecimalPlaces, OfAFloatAreThoseOfItsOwnPrecision) {
  EXPECT_EQ(decimal_places(0.1F, StoredAs::float64), no_decimal_places);
  EXPECT_EQ(decimal_places(0.1F, StoredAs::float32), 1);
  EXPECT_EQ(decimal_places(1234.56F, StoredAs::float32), 2);
}

TEST(DecimalPlaces, StartFromThoseThatAreKnown) {
  EXPECT_EQ(decimal_places(0.5, StoredAs::float64, 3), 3);
  EXPECT_EQ(decimal_places(0.12345, StoredAs::float64, 3), 5);
  EXPECT_EQ(decimal_places(0.5, StoredAs::float64, no_decimal_places), no_decimal_places);
}

TEST(DecimalPlaces, GiveWholeUnits) {
  EXPECT_EQ(decimal_units(0.29, 2), 29);
  EXPECT_EQ(decimal_units(-1.005, 3), -1005);
  EXPECT_EQ(decimal_units(0.1F, 1), 1);
}

}  // namespace cardseg::core
