#include "cardseg/quality/segmentation.hpp"

#include <gmock/gmock.h>
#include <omp.h>

#include "quality/plain_quality.hpp"
#include "support/every_width.hpp"
#include "support/random_rows.hpp"
#include "support/world.hpp"

namespace cardseg::quality {
namespace {

using support::clustered_rows;
using support::make_matrix;
using support::world;
using testing::ElementsAre;

template <class T>
std::vector<Segmentation> measure(const comm::Communicator& comm, const Rows& rows,
                                  const std::vector<cluster::Centroids>& sets) {
  return measure_segmentations(comm, make_matrix<T>(comm, rows, sets.front().features), sets);
}

void expect_same(const Segmentation& a, const Segmentation& b) {
  EXPECT_EQ(a.centroids.values, b.centroids.values);
  EXPECT_EQ(a.customers, b.customers);
  EXPECT_EQ(a.mass, b.mass);
  EXPECT_EQ(a.means.values, b.means.values);
  EXPECT_EQ(a.inertia, b.inertia);
  EXPECT_EQ(a.scatter, b.scatter);
  EXPECT_EQ(a.total_inertia, b.total_inertia);
  EXPECT_EQ(a.largest_distance_to_mean, b.largest_distance_to_mean);
}

}  // namespace

TEST(Segmentation, CountsAveragesAndSpreadsTheCustomersOfEachSegment) {
  const Rows rows = {{0, 0}, {0, 2}, {10, 0}, {10, 4}, {10, 2}};

  const Segmentation found = measure<double>(world(), rows, {centroids_of({{9, 2}, {0, 1}})}).front();

  EXPECT_THAT(found.customers, ElementsAre(3, 2));
  EXPECT_THAT(found.mass, ElementsAre(3, 2));
  EXPECT_THAT(found.means.values, ElementsAre(10, 2, 0, 1));
  EXPECT_THAT(found.inertia, ElementsAre(11, 2));
  EXPECT_THAT(found.scatter, ElementsAre(8, 2));
  EXPECT_EQ(found.total_inertia, 13);
  EXPECT_EQ(found.largest_squared_distance, 5);
}

TEST(Segmentation, NumbersSegmentsBySize) {
  const Segmentation found =
      measure<float>(world(), known_rows, {centroids_of({{20, 20}, {10, 1}, {5, 8}, {1, 1}})}).front();

  EXPECT_THAT(found.customers, ElementsAre(4, 4, 3, 1));
  EXPECT_EQ(found.centroids.row(3)[0], 20);
  EXPECT_EQ(found.occupied(), 4);
  EXPECT_EQ(found.all_customers(), 12);
}

TEST(Segmentation, GivesTotalsItsPeopleAndItsMass) {
  Segmentation segmentation;
  segmentation.customers = {3, 1, 0};
  segmentation.mass = {0.5, 2.25, 0};
  segmentation.inertia = {7, 0, 0};
  segmentation.total_inertia = 7;

  EXPECT_EQ(segmentation.all_customers(), 4);
  EXPECT_EQ(segmentation.total_mass(), 2.75);
  EXPECT_EQ(segmentation.totals().customers, segmentation.customers);
  EXPECT_EQ(segmentation.totals().mass, segmentation.mass);
  EXPECT_EQ(segmentation.totals().inertia, segmentation.inertia);
}

TEST(Segmentation, KeepsTheCentroidOfASegmentWithoutCustomers) {
  const Segmentation found = measure<float>(world(), {{0}, {1}, {2}}, {centroids_of({{50}, {1}})}).front();

  EXPECT_THAT(found.customers, ElementsAre(3, 0));
  EXPECT_THAT(found.means.values, ElementsAre(1, 50));
  EXPECT_THAT(found.scatter, ElementsAre(2, 0));
  EXPECT_EQ(found.occupied(), 1);
}

TEST(Segmentation, OfSeveralSetsTogetherIsThatOfEachAlone) {
  const Rows rows = clustered_rows(333, 4, 5, 51);
  const std::vector<cluster::Centroids> sets = {some_centroids(rows, 2), some_centroids(rows, 7),
                                                some_centroids(rows, 1)};

  const std::vector<Segmentation> together = measure<float>(world(), rows, sets);

  for (std::size_t m = 0; m < sets.size(); ++m)
    expect_same(together[m], measure<float>(world(), rows, {sets[m]}).front());
}

TEST(Segmentation, IsTheSameBitsOnAnyRanksThreadsAndWidths) {
  const Rows rows = clustered_rows(500, 3, 5, 52);
  const std::vector<cluster::Centroids> sets = {some_centroids(rows, 6)};
  const Segmentation alone = measure<float>({}, rows, sets).front();
  for (int threads : {1, 3}) {
    omp_set_num_threads(threads);
    support::for_every_width(
        [&](const std::string&) { expect_same(measure<float>(world(), rows, sets).front(), alone); });
  }
  omp_set_num_threads(1);
}

TEST(Segmentation, WorksWithMoreRanksThanCustomers) {
  expect_same(measure<double>(world(), {{1, 2}, {3, 4}}, {centroids_of({{1, 2}, {3, 3}})}).front(),
              measure<double>({}, {{1, 2}, {3, 4}}, {centroids_of({{1, 2}, {3, 3}})}).front());
}

}  // namespace cardseg::quality
