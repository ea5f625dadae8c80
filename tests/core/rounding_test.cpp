// What results rest on and a compiler could break.
#include <gtest/gtest.h>

namespace cardseg::core {
namespace {

// GCC 12 makes one vector of the two, and then nothing of the conversions, with -ftree-slp-vectorize.
[[gnu::noinline]] void round_both(double* x) {
  for (int i = 0; i < 2; ++i) x[i] = static_cast<double>(static_cast<float>(x[i]));
}

[[gnu::noinline]] double product_and_sum(double a, double b, double c) { return a * b + c; }

}  // namespace

TEST(Compiler, KeepsTheRoundingToFloat32) {
  double x[] = {0.1, 0.3};

  round_both(x);

  EXPECT_EQ(x[0], 0x1.99999ap-4);
  EXPECT_EQ(x[1], 0x1.333334p-2);
}

TEST(Compiler, FusesNoProductWithASum) {
  // (1 + 2^-30)^2 - 1 is 2^-29 + 2^-60; rounding the product first loses the last term.
  EXPECT_EQ(product_and_sum(1 + 0x1p-30, 1 + 0x1p-30, -1), 0x1p-29);
}

}  // namespace cardseg::core
