#include "cardseg/quality/sampled_silhouette.hpp"

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

// `rows` are the sample, whole on every rank.
template <class T>
std::vector<double> measure(const comm::Communicator& comm, const Rows& rows,
                            const std::vector<cluster::Centroids>& sets) {
  std::vector<double> means;
  for (const SampledSilhouette& each : sampled_silhouettes(comm, make_matrix<T>({}, rows), sets))
    means.push_back(each.mean);
  return means;
}

// Rows of a small set again and again, so that a large one is quickly made.
Rows many_rows(std::int64_t count) {
  const Rows few = clustered_rows(97, 2, 3, 83);
  Rows rows;
  for (std::int64_t i = 0; i < count; ++i) rows.push_back(few[static_cast<std::size_t>(i) % few.size()]);
  return rows;
}

}  // namespace

TEST(SampledSilhouette, IsThatOfScikitLearnOnKnownPoints) {
  EXPECT_NEAR(measure<double>(world(), known_rows, {centroids_of(known_centroids)}).front(), known_euclidean_silhouette,
              1e-11);
}

TEST(SampledSilhouette, IsThatOfAllPairsForEverySet) {
  const Rows rows = clustered_rows(180, 3, 4, 81);
  const std::vector<cluster::Centroids> sets = {some_centroids(rows, 2), some_centroids(rows, 9),
                                                some_centroids(rows, 4)};

  const std::vector<double> found = measure<double>(world(), rows, sets);

  for (std::size_t m = 0; m < sets.size(); ++m)
    EXPECT_NEAR(found[m], mean_of(plain_silhouettes(rows, plain_labels(rows, sets[m]), Distance::euclidean)), 1e-10);
}

TEST(SampledSilhouette, IsThatOfAllPairsForEverySegment) {
  const Rows rows = clustered_rows(120, 3, 4, 84);
  const cluster::Centroids centroids = some_centroids(rows, 4);
  const std::vector<int> labels = plain_labels(rows, centroids);
  const std::vector<double> plain = plain_silhouettes(rows, labels, Distance::euclidean);

  const SampledSilhouette found = sampled_silhouettes(world(), make_matrix<double>({}, rows), {centroids}).front();

  for (int j = 0; j < 4; ++j) {
    std::vector<double> members;
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (labels[i] == j) members.push_back(plain[i]);
    EXPECT_EQ(found.customers[static_cast<std::size_t>(j)], std::ssize(members));
    EXPECT_NEAR(found.by_segment[static_cast<std::size_t>(j)], mean_of(members), 1e-10);
  }
  EXPECT_EQ(found.sampled(), 120);
}

TEST(SampledSilhouette, OfAFitIsOfAllOrOfASampleOfMany) {
  for (const std::int64_t customers : {300L, most_measured + 1}) {
    const Rows rows = many_rows(customers);
    const cluster::Centroids centroids = some_centroids(rows, 3);

    const SampledSilhouette alone = measure_silhouette({}, make_matrix<float>({}, rows), centroids, 7);
    const SampledSilhouette found = measure_silhouette(world(), make_matrix<float>(world(), rows), centroids, 7);

    EXPECT_EQ(found.is_of_all, customers <= most_measured);
    EXPECT_EQ(found.sampled(), std::min(customers, found.is_of_all ? customers : sample_of_more));
    EXPECT_EQ(found.mean, alone.mean);
    EXPECT_EQ(found.by_segment, alone.by_segment);
  }
}

TEST(SampledSilhouette, IsTheSameBitsOnAnyRanksThreadsAndWidths) {
  const Rows rows = clustered_rows(203, 5, 4, 82);
  const std::vector<cluster::Centroids> sets = {some_centroids(rows, 3), some_centroids(rows, 6)};
  const std::vector<double> alone = measure<float>({}, rows, sets);
  for (int threads : {1, 3}) {
    omp_set_num_threads(threads);
    support::for_every_width([&](const std::string&) { EXPECT_EQ(measure<float>(world(), rows, sets), alone); });
  }
  omp_set_num_threads(1);
}

TEST(SampledSilhouette, IsNotDefinedWhereTheSampleIsInOneSegment) {
  const std::vector<double> found = measure<float>(
      world(), {{0}, {1}, {2}}, {centroids_of({{1}}), centroids_of({{1}, {90}}), centroids_of({{0}, {2}})});

  EXPECT_TRUE(std::isnan(found[0]));
  EXPECT_TRUE(std::isnan(found[1]));
  EXPECT_FALSE(std::isnan(found[2]));
}

TEST(SampledSilhouette, IsOneForEqualCustomersAndZeroForOneAlone) {
  // All at 1 go to the first segment; the one at 3 is alone: a = 0, b = 2 for three customers.
  EXPECT_NEAR(measure<double>(world(), {{1}, {1}, {1}, {3}}, {centroids_of({{1}, {3}})}).front(), 0.75, 1e-12);
}

}  // namespace cardseg::quality
