#include "cardseg/quality/silhouette.hpp"

#include <gmock/gmock.h>
#include <omp.h>

#include "cardseg/quality/indices.hpp"
#include "quality/plain_quality.hpp"
#include "support/every_width.hpp"
#include "support/random_rows.hpp"
#include "support/world.hpp"

namespace cardseg::quality {
namespace {

using support::clustered_rows;
using support::make_matrix;
using support::world;

struct Measured {
  Segmentation segmentation;
  Silhouette silhouette;
};

template <class T>
Measured measure(const comm::Communicator& comm, const Rows& rows, const cluster::Centroids& centroids) {
  const auto matrix = make_matrix<T>(comm, rows);
  const std::vector<Segmentation> segmentations = measure_segmentations(comm, matrix, {centroids});
  return {segmentations.front(), measure_silhouettes(comm, matrix, segmentations).front()};
}

// Segments of four and six customers, about 0 and 4, whose masses are the other way about.
Segmentation heavy_segmentation() {
  Segmentation segmentation;
  segmentation.centroids = centroids_of({{0}, {4}});
  segmentation.means = segmentation.centroids;
  segmentation.customers = {4, 6};
  segmentation.mass = {3, 1};
  segmentation.scatter = {1.5, 0.5};
  return segmentation;
}

// By the definition, on segments as they were numbered.
void expect_plain(const Rows& rows, int segments, double tolerance) {
  const Measured found = measure<double>(world(), rows, some_centroids(rows, segments));
  const std::vector<int> labels = plain_labels(rows, found.segmentation.centroids);
  const std::vector<double> plain = plain_silhouettes(rows, labels, Distance::squared);

  EXPECT_NEAR(found.silhouette.mean, mean_of(plain), tolerance);
  for (int j = 0; j < segments; ++j) {
    std::vector<double> members;
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (labels[i] == j) members.push_back(plain[i]);
    EXPECT_NEAR(found.silhouette.by_segment[static_cast<std::size_t>(j)], mean_of(members), tolerance);
  }
}

}  // namespace

TEST(Silhouette, IsThatOfScikitLearnOnKnownPoints) {
  const Measured found = measure<double>(world(), known_rows, centroids_of(known_centroids));

  EXPECT_NEAR(found.silhouette.mean, known_squared_silhouette, 1e-12);
  for (std::size_t j = 0; j < 4; ++j) EXPECT_NEAR(found.silhouette.by_segment[j], known_squared_silhouettes[j], 1e-12);
}

TEST(Indices, AreThoseOfScikitLearnOnKnownPoints) {
  const Measured found = measure<double>(world(), known_rows, centroids_of(known_centroids));

  EXPECT_NEAR(calinski_harabasz(found.segmentation), known_calinski_harabasz, 1e-10);
  EXPECT_NEAR(davies_bouldin(found.segmentation, found.silhouette), known_davies_bouldin, 1e-12);
}

TEST(Silhouette, AveragesOverMass) {
  const auto matrix = make_matrix<double>(world(), {{0}, {2}, {10}, {12}, {30}});
  Segmentation segmentation = measure_segmentations(world(), matrix, {centroids_of({{1}, {11}, {30}})}).front();
  segmentation.mass = {4, 8, 2};  // of two, two and one customers

  const Silhouette found = measure_silhouettes(world(), matrix, {segmentation}).front();

  // a = (|x - m|^2 + scatter / mass) mass / (mass - 1), b of the other segment without the last factor
  const double a = (1 + 2.0 / 4) * 4 / 3;
  const double sum = (1 - a / (121 + 2.0 / 8)) + (1 - a / (81 + 2.0 / 8));
  EXPECT_NEAR(found.by_segment[0], sum / 4, 1e-12);
  EXPECT_EQ(found.by_segment[2], 0);  // a customer alone, whatever it weighs
  EXPECT_NEAR(found.mean, (found.by_segment[0] * 4 + found.by_segment[1] * 8) / 14, 1e-12);
  EXPECT_NEAR(found.mean_distance[0], 2.0 / 4, 1e-12);
  EXPECT_NEAR(found.mean_distance[1], 2.0 / 8, 1e-12);
}

TEST(CalinskiHarabasz, HasSumsByMassAndDegreesOfFreedomByCustomers) {
  Segmentation segmentation = heavy_segmentation();

  // The mean of all is 1: between = 3 * 1 + 1 * 9, within = 2, k = 2, n = 10.
  EXPECT_EQ(calinski_harabasz(segmentation), 12.0 / 1 / (2.0 / 8));

  segmentation.mass = {6, 2};
  segmentation.scatter = {3, 1};
  EXPECT_EQ(calinski_harabasz(segmentation), 48.0);  // twice the weights
}

TEST(DaviesBouldin, TakesEachSegmentWithCustomersForOneWhateverItsMass) {
  const Silhouette silhouette{0, {0, 0}, {1, 0.5}};
  Segmentation segmentation = heavy_segmentation();

  EXPECT_EQ(davies_bouldin(segmentation, silhouette), 1.5 / 4);

  segmentation.customers = {4, 0};
  EXPECT_TRUE(std::isnan(davies_bouldin(segmentation, silhouette)));
}

TEST(Silhouette, IsThatOfAllPairs) {
  expect_plain(clustered_rows(200, 3, 4, 61), 4, 1e-11);
  expect_plain(support::normal_rows(150, 1, 62), 9, 1e-11);
  expect_plain(clustered_rows(97, 7, 3, 63), 2, 1e-11);
}

TEST(Silhouette, KeepsItsDigitsFarFromTheOrigin) { expect_plain(support::normal_rows(120, 2, 64, 1e6), 5, 1e-7); }

TEST(Silhouette, IsTheSameBitsOnAnyRanksThreadsAndWidths) {
  const Rows rows = clustered_rows(500, 3, 5, 65);
  const cluster::Centroids centroids = some_centroids(rows, 6);
  const Silhouette alone = measure<float>({}, rows, centroids).silhouette;
  for (int threads : {1, 3}) {
    omp_set_num_threads(threads);
    support::for_every_width([&](const std::string&) {
      const Silhouette found = measure<float>(world(), rows, centroids).silhouette;
      EXPECT_EQ(found.mean, alone.mean);
      EXPECT_EQ(found.by_segment, alone.by_segment);
      EXPECT_EQ(found.mean_distance, alone.mean_distance);
    });
  }
  omp_set_num_threads(1);
}

TEST(Silhouette, IsNotDefinedForOneSegment) {
  const Measured found = measure<float>(world(), {{0}, {1}, {5}}, centroids_of({{2}}));

  EXPECT_TRUE(std::isnan(found.silhouette.mean));
  EXPECT_TRUE(std::isnan(calinski_harabasz(found.segmentation)));
  EXPECT_TRUE(std::isnan(davies_bouldin(found.segmentation, found.silhouette)));
  EXPECT_NEAR(found.silhouette.mean_distance[0], 2.0, 1e-12);
}

TEST(Silhouette, LeavesOutSegmentsWithoutCustomers) {
  const Rows rows = {{0}, {1}, {10}, {12}};

  const Measured with = measure<double>(world(), rows, centroids_of({{0.5}, {11}, {99}}));
  const Measured without = measure<double>(world(), rows, centroids_of({{0.5}, {11}}));

  EXPECT_EQ(with.silhouette.mean, without.silhouette.mean);
  EXPECT_TRUE(std::isnan(with.silhouette.by_segment[2]));
  EXPECT_EQ(calinski_harabasz(with.segmentation), calinski_harabasz(without.segmentation));
  EXPECT_EQ(davies_bouldin(with.segmentation, with.silhouette),
            davies_bouldin(without.segmentation, without.silhouette));
}

TEST(Silhouette, IsZeroForCustomersAloneInTheirSegments) {
  const Measured found = measure<float>(world(), {{0}, {5}, {9}}, centroids_of({{0}, {5}, {9}}));

  EXPECT_EQ(found.silhouette.mean, 0.0);
  EXPECT_TRUE(std::isnan(calinski_harabasz(found.segmentation)));
}

TEST(Silhouette, IsOneForEqualCustomersAndZeroForOneAlone) {
  const Measured found = measure<double>(world(), {{1}, {1}, {1}, {1}, {2}}, centroids_of({{1}, {2}}));

  EXPECT_NEAR(found.silhouette.mean, 0.8, 1e-12);  // four are 1 (a = 0, b = 1), the one alone is 0
}

}  // namespace cardseg::quality
