#include "cardseg/portfolio/feature_matrix.hpp"

#include <gmock/gmock.h>

#include <cstdint>
#include <cstring>

#include "support/temporary_directory.hpp"

namespace cardseg::portfolio {
namespace {

using testing::Each;
using testing::ElementsAre;

// at(row, feature) = 100 row + feature + 1
template <class T>
FeatureMatrix<T> numbered(std::int64_t rows, int features) {
  FeatureMatrix<T> matrix({0, rows}, features);
  for (std::int64_t i = 0; i < rows; ++i)
    for (int f = 0; f < features; ++f) matrix.at(i, f) = static_cast<T>(100 * i + f + 1);
  return matrix;
}

// The same values in a scratch file.
template <class T>
FeatureMatrix<T> numbered_in_scratch(const support::TemporaryDirectory& directory, std::int64_t rows, int features) {
  FeatureMatrix<T> matrix({0, rows}, features,
                          io::ScratchMapping(directory.path(), FeatureMatrix<T>::bytes(rows, features)));
  for (std::int64_t i = 0; i < rows; ++i)
    for (int f = 0; f < features; ++f) matrix.at(i, f) = static_cast<T>(100 * i + f + 1);
  return matrix;
}

template <class T>
void expect_same_bytes(const FeatureMatrix<T>& a, const FeatureMatrix<T>& b) {
  ASSERT_EQ(a.tiles(), b.tiles());
  ASSERT_EQ(a.features(), b.features());
  const auto bytes = static_cast<std::size_t>(FeatureMatrix<T>::bytes(a.rows(), a.features()));
  EXPECT_EQ(std::memcmp(a.tile(0), b.tile(0), bytes), 0);
}

}  // namespace

template <class T>
class FeatureMatrixOf : public testing::Test {};
using Stored = testing::Types<float, double>;
TYPED_TEST_SUITE(FeatureMatrixOf, Stored);

TYPED_TEST(FeatureMatrixOf, KeepsSixteenCustomersOfAFeatureSideBySide) {
  const auto matrix = numbered<TypeParam>(40, 3);

  for (std::int64_t i = 0; i < 40; ++i)
    for (int f = 0; f < 3; ++f) EXPECT_EQ(matrix.tile(i / 16)[f * 16 + i % 16], matrix.at(i, f));
}

TYPED_TEST(FeatureMatrixOf, PadsToWholeGroupsOfFourTilesWithZeros) {
  for (std::int64_t rows : {0, 1, 15, 16, 17, 63, 64, 65, 128, 129}) {
    const auto matrix = numbered<TypeParam>(rows, 2);

    EXPECT_EQ(matrix.rows(), rows);
    EXPECT_EQ(matrix.tiles() % 4, 0);
    EXPECT_GE(matrix.tiles() * 16, rows);
    EXPECT_LT(matrix.tiles() * 16, rows + 64);
    for (std::int64_t i = rows; i < matrix.tiles() * 16; ++i) EXPECT_THAT(matrix.point(i), Each(0.0));
  }
}

TYPED_TEST(FeatureMatrixOf, AlignsEveryTileToACacheLine) {
  for (int features : {1, 2, 3, 7}) {
    const FeatureMatrix<TypeParam> matrix({0, 100}, features);

    for (std::int64_t t = 0; t < matrix.tiles(); ++t)
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(matrix.tile(t)) % 64, 0u);
  }
}

TYPED_TEST(FeatureMatrixOf, GivesACustomersFeaturesAsDoubles) {
  const auto matrix = numbered<TypeParam>(20, 3);

  EXPECT_THAT(matrix.point(17), ElementsAre(1701, 1702, 1703));
}

TYPED_TEST(FeatureMatrixOf, KeepsTheFirstFeaturesOfEveryCustomerWhenNarrowed) {
  for (int kept : {1, 2, 4, 5}) {
    auto matrix = numbered<TypeParam>(150, 5);

    matrix.narrow(kept);

    EXPECT_EQ(matrix.features(), kept);
    for (std::int64_t i = 0; i < 150; ++i)
      for (int f = 0; f < kept; ++f) ASSERT_EQ(matrix.at(i, f), 100 * i + f + 1) << i;
    for (std::int64_t i = 150; i < matrix.tiles() * 16; ++i) EXPECT_THAT(matrix.point(i), Each(0.0));
  }
}

TYPED_TEST(FeatureMatrixOf, SaysHowManyBytesItTakes) {
  EXPECT_EQ(FeatureMatrix<TypeParam>::bytes(65, 3), 128 * 3 * static_cast<std::int64_t>(sizeof(TypeParam)));
  EXPECT_EQ(FeatureMatrix<TypeParam>::bytes(0, 3), 0);
}

TYPED_TEST(FeatureMatrixOf, HasTheSameBytesInAScratchFile) {
  const support::TemporaryDirectory directory;
  for (std::int64_t rows : {1, 16, 65, 1000}) {
    const auto streamed = numbered_in_scratch<TypeParam>(directory, rows, 3);

    EXPECT_TRUE(streamed.is_streamed());
    expect_same_bytes(streamed, numbered<TypeParam>(rows, 3));
  }
}

TYPED_TEST(FeatureMatrixOf, KeepsItsFeaturesWhenTilesAreReleased) {
  const support::TemporaryDirectory directory;
  const auto streamed = numbered_in_scratch<TypeParam>(directory, 100000, 5);
  const auto kept = numbered<TypeParam>(100000, 5);

  streamed.write_back(0, streamed.tiles());
  expect_same_bytes(streamed, kept);
  for (std::int64_t t = 0; t < streamed.tiles(); ++t) streamed.done_with(t);
  streamed.release(3, streamed.tiles() - 1);
  expect_same_bytes(streamed, kept);
}

TYPED_TEST(FeatureMatrixOf, IsNarrowedInAScratchFileToo) {
  const support::TemporaryDirectory directory;
  auto streamed = numbered_in_scratch<TypeParam>(directory, 150, 5);
  auto kept = numbered<TypeParam>(150, 5);

  streamed.narrow(2);
  kept.narrow(2);

  expect_same_bytes(streamed, kept);
}

TYPED_TEST(FeatureMatrixOf, MayBeEmptyInAScratchFile) {
  const support::TemporaryDirectory directory;
  const auto streamed = numbered_in_scratch<TypeParam>(directory, 0, 5);

  streamed.release(0, 0);
  EXPECT_EQ(streamed.tiles(), 0);
  EXPECT_TRUE(streamed.is_streamed());
}

TYPED_TEST(FeatureMatrixOf, ReleasesNothingInMemory) {
  const auto matrix = numbered<TypeParam>(100000, 5);

  for (std::int64_t t = 0; t < matrix.tiles(); ++t) matrix.done_with(t);
  matrix.release(0, matrix.tiles());

  expect_same_bytes(matrix, numbered<TypeParam>(100000, 5));
}

TYPED_TEST(FeatureMatrixOf, KnowsItsGlobalRows) {
  const FeatureMatrix<TypeParam> matrix({70, 90}, 1);

  EXPECT_EQ(matrix.global_rows(), (core::Range{70, 90}));
  EXPECT_EQ(matrix.rows(), 20);
}

}  // namespace cardseg::portfolio
