// The screen's promise, attacked: where it names a segment, the definition names the same.
#include "cardseg/cluster/screen.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <random>

#include "cardseg/cluster/nearest.hpp"
#include "support/every_width.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"

namespace cardseg::cluster {
namespace {

using Matrix = portfolio::FeatureMatrix<float>;
using Random = std::mt19937_64;
using support::clustered_rows;
using support::for_every_width;
using support::make_matrix;

// How many times as long to attack; a campaign sets CARDSEG_CAMPAIGN=1000.
int effort() {
  const char* campaign = std::getenv("CARDSEG_CAMPAIGN");
  return campaign ? std::max(1, std::atoi(campaign)) : 1;
}

struct Verdict {
  std::int64_t settled = 0;
  std::int64_t wrong = 0;
  std::int64_t customers = 0;

  double settled_share() const { return static_cast<double>(settled) / static_cast<double>(customers); }
  Verdict& operator+=(const Verdict& other) {
    settled += other.settled, wrong += other.wrong, customers += other.customers;
    return *this;
  }
};

// The true distance of a customer to each centroid, in long double.
std::vector<double> true_distances(const std::vector<double>& x, const Centroids& centroids) {
  std::vector<double> distances;
  for (int j = 0; j < centroids.segments; ++j) {
    long double sum = 0;
    for (int f = 0; f < centroids.features; ++f) {
      const long double difference = static_cast<long double>(x[static_cast<std::size_t>(f)]) - centroids.row(j)[f];
      sum += difference * difference;
    }
    distances.push_back(static_cast<double>(std::sqrt(sum)));
  }
  return distances;
}

// How many gaps, of groups [begin, begin + group_size) of centroids, are more than what they bound for this customer.
std::int64_t broken_gaps(const std::vector<double>& distances, std::int32_t winner, const float* gaps, int group_size) {
  std::int64_t broken = 0;
  for (std::size_t j = 0; j < distances.size(); ++j) {
    const auto gap = static_cast<double>(gaps[j / static_cast<std::size_t>(group_size)]);
    if (static_cast<std::int32_t>(j) == winner) continue;
    broken += winner < 0 ? gap >= 0 : gap > distances[j] - distances[static_cast<std::size_t>(winner)];
  }
  return broken;
}

Verdict judge(const Matrix& matrix, const Centroids& centroids, ScreenForm form) {
  const ScreenCentroids screened = make_screen(centroids, form);
  const int k = centroids.segments;
  std::vector<std::int32_t> all(static_cast<std::size_t>(std::max(k, 16)));  // candidates and labels
  std::iota(all.begin(), all.end(), 0);
  Matrix scores({0, screen_rows}, k);
  std::vector<float> gaps(static_cast<std::size_t>(4 * k));
  Verdict verdict;
  for (std::int64_t t = 0; t < matrix.tiles(); t += 4) {
    ScreenTask task;
    for (int i = 0; i < 4; ++i) task.tiles[i] = task.next[i] = matrix.tile(t + i);
    for (int i = 0; i < 4; ++i) task.labels[i] = all.data();
    task.candidates = all.data();
    task.count = k;
    task.scores = scores.tile(0);
    task.group_size = 1 + static_cast<int>(t / 4 % 3);
    const int groups = (k + task.group_size - 1) / task.group_size;
    ScreenAnswer plain;
    ScreenAnswer rivals;
    ScreenAnswer answer;
    screen(screened, task, ScreenDetail::none, plain);
    ScreenTask bare = task;
    std::fill_n(bare.next, 4, nullptr);
    std::fill_n(bare.labels, 4, nullptr);
    ScreenAnswer barely;
    screen(screened, bare, ScreenDetail::none, barely);
    verdict.wrong +=
        barely.changed != 0 || barely.unsettled != plain.unsettled || !std::ranges::equal(barely.winner, plain.winner);
    screen(screened, task, ScreenDetail::rivals, rivals);
    screen(screened, task, ScreenDetail::gaps, answer, gaps.data());
    for (std::int64_t i = t * 16; i < std::min(t * 16 + 64, matrix.rows()); ++i) {
      const auto row = static_cast<std::size_t>(i - t * 16);
      const std::int32_t winner = answer.winner[row];
      NearestTile definition;
      find_nearest(matrix.tile(i / 16), centroids, definition);
      const std::vector<double> distances = true_distances(matrix.point(i), centroids);
      ++verdict.customers;
      verdict.settled += winner >= 0;
      verdict.wrong += winner >= 0 && winner != definition.first[i % 16];
      verdict.wrong +=
          winner != plain.winner[row] || winner != rivals.winner[row] || answer.slack[row] != rivals.slack[row];
      verdict.wrong += (answer.unsettled >> row & 1) != (winner < 0);
      verdict.wrong += (answer.changed >> row & 1) != (winner != all[row % 16]);
      verdict.wrong += rivals.rival[row] < 0 || rivals.rival[row] >= k;
      verdict.wrong +=
          broken_gaps(distances, winner, gaps.data() + static_cast<int>(row / 16) * groups, task.group_size);
      // Slack bounds all gaps: as a group of one centroid each.
      const std::vector<float> slacks(distances.size(), winner < 0 ? -1.0f : answer.slack[row]);
      verdict.wrong += broken_gaps(distances, winner, slacks.data(), 1) + (winner < 0 && answer.slack[row] != 0.0f);
    }
  }
  return verdict;
}

Verdict judge(const Matrix& matrix, const Centroids& centroids) {
  Verdict verdict = judge(matrix, centroids, ScreenForm::differences);
  return verdict += judge(matrix, centroids, ScreenForm::products);
}

double uniform(Random& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

float nudged(float x, int ulps) {
  for (; ulps > 0; --ulps) x = std::nextafterf(x, FLT_MAX);
  for (; ulps < 0; ++ulps) x = std::nextafterf(x, -FLT_MAX);
  return x;
}

// Centroids around `offset`; some are copies of the one before, some differ from it by an ulp of double or of float.
Centroids hostile_centroids(Random& random, int k, int d, double offset, double spread) {
  Centroids centroids(k, d);
  for (int j = 0; j < k; ++j)
    for (int f = 0; f < d; ++f) centroids.row(j)[f] = offset + spread * uniform(random, -1, 1);
  for (int j = 1; j < k; ++j) {
    const std::uint64_t kind = random() % 6;
    if (kind > 2) continue;
    std::copy_n(centroids.row(j - 1), d, centroids.row(j));
    double& one = centroids.row(j)[random() % static_cast<std::uint64_t>(d)];
    if (kind == 1) one = std::nextafter(one, HUGE_VAL);
    if (kind == 2) one = static_cast<double>(nudged(static_cast<float>(one), 1));
  }
  return centroids;
}

// Customers on or within a few float ulps of the plane halfway between two centroids, or of a centroid.
void fill_near_ties(Random& random, const Centroids& centroids, double spread, Matrix& matrix) {
  const int d = centroids.features;
  for (std::int64_t i = 0; i < matrix.rows(); ++i) {
    const double* a = centroids.row(static_cast<int>(random() % static_cast<std::uint64_t>(centroids.segments)));
    const double* b = centroids.row(static_cast<int>(random() % static_cast<std::uint64_t>(centroids.segments)));
    // x = (a + b) / 2 + step v, v orthogonal to b - a
    std::vector<double> v(static_cast<std::size_t>(d));
    double along = 0;
    double length = 0;
    for (int f = 0; f < d; ++f) {
      v[static_cast<std::size_t>(f)] = uniform(random, -1, 1);
      along += v[static_cast<std::size_t>(f)] * (b[f] - a[f]);
      length += (b[f] - a[f]) * (b[f] - a[f]);
    }
    // On the line between the two, as far away as they are apart, or so far that rounding grows with the distance.
    const double reach[] = {0.0, spread * uniform(random, 0, 1), spread * std::exp(uniform(random, 0, 12))};
    const double step = reach[random() % 3];
    const double tilt =
        std::ldexp(uniform(random, -1, 1), -static_cast<int>(random() % 40));  // off the plane, by little
    for (int f = 0; f < d; ++f) {
      const double orthogonal = v[static_cast<std::size_t>(f)] - (length > 0 ? along / length * (b[f] - a[f]) : 0.0);
      const double x = (a[f] + b[f]) / 2 + step * orthogonal + tilt * (b[f] - a[f]);
      matrix.at(i, f) = nudged(static_cast<float>(x), static_cast<int>(random() % 5) - 2);
    }
  }
}

struct Scene {
  double offset;
  double spread;
};

Verdict attack(Random& random, const Scene& scene, int k, int d, std::int64_t customers) {
  const Centroids centroids = hostile_centroids(random, k, d, scene.offset, scene.spread);
  Matrix matrix({0, customers}, d);
  fill_near_ties(random, centroids, scene.spread, matrix);
  return judge(matrix, centroids);
}

Centroids first_rows_of(const Matrix& matrix, int k) {
  Centroids centroids(k, matrix.features());
  for (int j = 0; j < k; ++j) std::ranges::copy(matrix.point(j), centroids.row(j));
  return centroids;
}

}  // namespace

class ScreenAt : public testing::TestWithParam<Scene> {};

TEST_P(ScreenAt, NeverContradictsTheDefinitionOnNearTies) {
  Random random(123);
  Verdict verdict;
  for (int round = 0; round < 60 * effort(); ++round) {
    const int d = static_cast<int>(random() % 4 ? 1 + random() % 12 : 1 + random() % 200);
    const int k = static_cast<int>(1 + random() % 9);
    verdict += attack(random, GetParam(), k, d, 1024);
  }

  EXPECT_EQ(verdict.wrong, 0) << "of " << verdict.settled << " settled, " << verdict.customers << " in all";
}

TEST_P(ScreenAt, NeverContradictsTheDefinitionOnAnyWidth) {
  for_every_width([&](const std::string&) {
    Random random(321);
    Verdict verdict;
    for (int round = 0; round < 8 * effort(); ++round)
      verdict +=
          attack(random, GetParam(), static_cast<int>(1 + random() % 9), static_cast<int>(1 + random() % 20), 256);
    // Every way in which centroids are shared out to calls of the kernel.
    for (int k : {4, 5, 8, 12, 13, 15, 16, 17, 33}) verdict += attack(random, GetParam(), k, 3, 64);

    EXPECT_EQ(verdict.wrong, 0) << "of " << verdict.settled << " settled, " << verdict.customers << " in all";
  });
}

// Offset and spread of the centroids. At 1e17 squares reach 1e36 and overflow for many features; below 1e-19 they
// underflow; 1e-38 and less is at the denormal numbers of float32; 1e300 is beyond float32.
INSTANTIATE_TEST_SUITE_P(Scenes, ScreenAt,
                         testing::Values(Scene{0, 1}, Scene{1e6, 1}, Scene{1e8, 1}, Scene{1e8, 1e3}, Scene{1, 1e-7},
                                         Scene{0, 1e17}, Scene{0, 1e19}, Scene{0, 3e38}, Scene{0, 1e300},
                                         Scene{0, 1e-15}, Scene{0, 1e-18}, Scene{0, 1e-19}, Scene{0, 1e-20},
                                         Scene{0, 1e-22}, Scene{0, 1e-23}, Scene{0, 1e-30}, Scene{0, 1e-38},
                                         Scene{0, 1e-42}, Scene{0, 1e-45}, Scene{0, 1e-200}, Scene{1e-19, 1e-26}));

TEST(Screen, SettlesAllButFewOfOrdinaryCustomersAndAlwaysRightly) {
  struct Shape {
    std::size_t rows;
    int features;
    int segments;
  };
  for (const Shape& shape : {Shape{20000, 2, 3}, Shape{20000, 20, 16}, Shape{10000, 50, 64}}) {
    const Matrix matrix = make_matrix<float>({}, clustered_rows(shape.rows, shape.features, shape.segments, 77));

    for (ScreenForm form : {ScreenForm::products, ScreenForm::differences}) {
      const Verdict verdict = judge(matrix, first_rows_of(matrix, shape.segments), form);

      EXPECT_EQ(verdict.wrong, 0);
      EXPECT_GT(verdict.settled_share(), 0.999) << shape.features << " features";
    }
  }
}

TEST(Screen, IsRightWhereCustomersDifferFromCentroidsByEverySmallStep) {
  // x walks over the floats around the middle of 1 and 1 + gap, for gaps from an ulp up.
  Verdict verdict;
  for (double gap = 0x1p-30; gap < 0x1p-10; gap *= 1.37) {
    Centroids centroids(2, 1);
    centroids.row(0)[0] = 1.0;
    centroids.row(1)[0] = 1.0 + gap;
    Matrix matrix({0, 256}, 1);
    for (int i = 0; i < 256; ++i) matrix.at(i, 0) = nudged(static_cast<float>(1.0 + gap / 2), i - 128);
    verdict += judge(matrix, centroids);
  }

  EXPECT_EQ(verdict.wrong, 0);
  EXPECT_GT(verdict.settled, 0);
}

TEST(Screen, LeavesCustomersBetweenEqualCentroidsOpen) {
  const Matrix matrix = make_matrix<float>({}, clustered_rows(100, 3, 2, 9));
  Centroids centroids(2, 3);  // both at the origin

  EXPECT_EQ(judge(matrix, centroids).settled, 0);
}

TEST(Screen, SettlesEveryoneWhereThereIsOneSegment) {
  const Matrix matrix = make_matrix<float>({}, clustered_rows(100, 3, 2, 9));

  const Verdict verdict = judge(matrix, Centroids(1, 3));

  EXPECT_EQ(verdict.wrong, 0);
  EXPECT_EQ(verdict.settled, 200);  // by both forms
}

TEST(Screen, LeavesOpenWhatOverflowsFloat32OnAllSides) {
  Matrix matrix({0, 2}, 100);
  for (int f = 0; f < 100; ++f) matrix.at(0, f) = 1e18f, matrix.at(1, f) = -1e18f;
  Centroids centroids(3, 100);
  for (int f = 0; f < 100; ++f) centroids.row(1)[f] = 1e18, centroids.row(2)[f] = -3e18;

  EXPECT_EQ(judge(matrix, centroids).wrong, 0);
}

TEST(Screen, SettlesNothingByCentroidsThatAreNoNumbersInFloat32) {
  const Matrix matrix = make_matrix<float>({}, clustered_rows(100, 3, 2, 9));
  Centroids centroids(3, 3);
  for (int f = 0; f < 3; ++f) centroids.row(0)[f] = 1e200, centroids.row(1)[f] = -1e39;

  EXPECT_EQ(judge(matrix, centroids).wrong, 0);
}

}  // namespace cardseg::cluster
