#include "cardseg/portfolio/precision.hpp"

#include <gtest/gtest.h>

#include "support/thrown_error.hpp"

namespace cardseg::portfolio {
namespace {

using support::error_of;

TEST(Precision, IsNamedAsItIsRead) {
  for (Precision each : {Precision::float32, Precision::float64})
    EXPECT_EQ(precision_names.named(name_of(each), "precision"), each);
  EXPECT_STREQ(name_of(Precision::float64), "double");
}

TEST(Precision, RefusesAnotherName) {
  EXPECT_EQ(error_of([] { precision_names.named("half", "precision"); }).code(), core::ExitCode::usage);
}

TEST(Precision, BecomesTheTypeOfThatName) {
  const auto bytes = []<class T>(std::type_identity<T>) { return sizeof(T); };

  EXPECT_EQ(with_precision(Precision::float32, bytes), sizeof(float));
  EXPECT_EQ(with_precision(Precision::float64, bytes), sizeof(double));
}

}  // namespace
}  // namespace cardseg::portfolio
