// A fit on features in a scratch file: the same bytes as in memory, and little of them in memory.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "cardseg/cluster/fit.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/temporary_directory.hpp"
#include "support/world.hpp"

namespace cardseg::cluster {
namespace {

using portfolio::FeatureMatrix;
using support::Rows;
using support::TemporaryDirectory;
using support::world;

// The same features in a scratch file.
template <class T>
FeatureMatrix<T> streamed_copy(const FeatureMatrix<T>& matrix, const TemporaryDirectory& directory) {
  const std::int64_t bytes = FeatureMatrix<T>::bytes(matrix.rows(), matrix.features());
  FeatureMatrix<T> copy(matrix.global_rows(), matrix.features(), io::ScratchMapping(directory.path(), bytes));
  if (bytes > 0) std::memcpy(copy.tile(0), matrix.tile(0), static_cast<std::size_t>(bytes));
  copy.write_back(0, copy.tiles());
  return copy;
}

FitOptions options(Algorithm algorithm, Seeding seeding = Seeding::plusplus) {
  FitOptions chosen;
  chosen.segments = 7;
  chosen.restarts = 2;
  chosen.max_iterations = 12;
  chosen.algorithm = algorithm;
  chosen.seeding = seeding;
  return chosen;
}

void expect_equal(const FitResult& a, const FitResult& b) {
  EXPECT_EQ(a.centroids.values, b.centroids.values);
  EXPECT_EQ(a.best_restart, b.best_restart);
  ASSERT_EQ(a.restarts.size(), b.restarts.size());
  for (std::size_t r = 0; r < a.restarts.size(); ++r) {
    EXPECT_EQ(a.restarts[r].inertia, b.restarts[r].inertia);
    EXPECT_EQ(a.restarts[r].iterations, b.restarts[r].iterations);
    EXPECT_EQ(a.restarts[r].centroids.values, b.restarts[r].centroids.values);
  }
}

// Bytes of the features that this process has mapped to memory.
template <class T>
std::int64_t resident_bytes(const FeatureMatrix<T>& matrix) {
  const auto page = static_cast<std::int64_t>(::sysconf(_SC_PAGESIZE));
  const auto first = reinterpret_cast<std::intptr_t>(matrix.tile(0)) / page;
  const std::int64_t pages = FeatureMatrix<T>::bytes(matrix.rows(), matrix.features()) / page;
  std::vector<std::uint64_t> entries(static_cast<std::size_t>(pages));
  const int map = ::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  const auto got = ::pread(map, entries.data(), entries.size() * 8, static_cast<off_t>(first * 8));
  ::close(map);
  if (got != static_cast<ssize_t>(entries.size() * 8)) return -1;
  return page * std::ranges::count_if(entries, [](std::uint64_t entry) { return entry >> 63; });
}

}  // namespace

template <class T>
class StreamingFitOf : public testing::Test {};
using Stored = testing::Types<float, double>;
TYPED_TEST_SUITE(StreamingFitOf, Stored);

TYPED_TEST(StreamingFitOf, GivesTheBytesOfAFitInMemoryByEveryAlgorithm) {
  const TemporaryDirectory directory(world());
  const Rows rows = support::clustered_rows(20011, 6, 5, 3);
  core::Events silent;
  for (Algorithm algorithm : {Algorithm::automatic, Algorithm::plain, Algorithm::hamerly, Algorithm::yinyang}) {
    SCOPED_TRACE(name_of(algorithm));
    auto kept = support::make_matrix<TypeParam>(world(), rows);
    auto streamed = streamed_copy(kept, directory);

    const FitResult expected = fit(world(), kept, options(algorithm), silent);

    expect_equal(fit(world(), streamed, options(algorithm), silent), expected);
  }
}

TYPED_TEST(StreamingFitOf, RefinesItsSeedsOnTheSameSample) {
  using T = TypeParam;
  const TemporaryDirectory directory(world());
  auto matrix = support::make_matrix<T>(world(), support::clustered_rows(4 * 65536 + 5, 2, 7, 6, 2.0));
  auto streamed = streamed_copy(matrix, directory);
  core::Events silent;
  const FitOptions chosen = options(Algorithm::automatic, Seeding::refined);

  expect_equal(fit(world(), streamed, chosen, silent), fit(world(), matrix, chosen, silent));
}

// Refilling measures all customers again; customers come back in their order for it.
TYPED_TEST(StreamingFitOf, GivesTheSameBytesWhereSegmentsFallEmpty) {
  const TemporaryDirectory directory(world());
  Rows rows = support::normal_rows(5003, 3, 4);
  for (std::size_t i = 0; i < 7; ++i) rows[i] = {1, 1, 1};
  core::Events silent;
  for (Algorithm algorithm : {Algorithm::automatic, Algorithm::hamerly}) {
    auto kept = support::make_matrix<TypeParam>(world(), rows);
    auto streamed = streamed_copy(kept, directory);
    const FitOptions chosen = options(algorithm, Seeding::first);

    const FitResult expected = fit(world(), kept, chosen, silent);

    EXPECT_GE(expected.restarts[0].refilled, 3);
    expect_equal(fit(world(), streamed, chosen, silent), expected);
  }
}

TYPED_TEST(StreamingFitOf, GivesItsMemoryBack) {
  const TemporaryDirectory directory(world());
  auto streamed =
      streamed_copy(support::make_matrix<TypeParam>(world(), support::normal_rows(400000, 12, 6)), directory);
  core::Events silent;
  for (Seeding seeding : {Seeding::plusplus, Seeding::refined}) {
    FitOptions chosen = options(Algorithm::automatic, seeding);
    chosen.max_iterations = 2;

    fit(world(), streamed, chosen, silent);

    EXPECT_LE(resident_bytes(streamed), 3 * FeatureMatrix<TypeParam>::window_bytes(12)) << name_of(seeding);
  }
}

}  // namespace cardseg::cluster
