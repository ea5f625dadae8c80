#include "cardseg/portfolio/covariance.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>

#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/world.hpp"

namespace cardseg::portfolio {
namespace {

using support::make_matrix;
using support::normal_rows;
using support::Rows;
using support::world;

// Features that vary together, on scales from 1e-6 to 1e6, far from the origin.
Rows related_rows(std::size_t count) {
  Rows rows = normal_rows(count, 5, 3);
  for (std::vector<double>& x : rows) {
    x[1] = 0.8 * x[0] + 0.6 * x[1];
    x[2] = std::exp(3 * x[2]);
    x[3] = 1e9 + 1e6 * (x[3] - x[0]);
    x[4] *= 1e-6;
  }
  return rows;
}

// Two passes in long double: the definition.
long double plain_covariance(const Rows& rows, std::size_t f, std::size_t g) {
  long double mean_f = 0;
  long double mean_g = 0;
  for (const auto& x : rows) mean_f += x[f], mean_g += x[g];
  const auto n = static_cast<long double>(rows.size());
  mean_f /= n;
  mean_g /= n;
  long double sum = 0;
  for (const auto& x : rows) sum += (x[f] - mean_f) * (x[g] - mean_g);
  return sum / n;
}

std::optional<Covariance> covariance_on(const comm::Communicator& comm, const Rows& rows,
                                        std::int64_t most = most_covariance_customers, std::uint64_t seed = 1) {
  return compute_covariance(comm, make_matrix<double>(comm, rows), seed, most);
}

}  // namespace

TEST(Covariance, IsThatOfTheDefinition) {
  const Rows rows = related_rows(6007);

  const Covariance found = *covariance_on(world(), rows);

  EXPECT_EQ(found.customers, 6007);
  EXPECT_FALSE(found.is_of_sample);
  for (int f = 0; f < 5; ++f)
    for (int g = 0; g < 5; ++g) {
      const double tolerance = 1e-8 * std::sqrt(found.variance(f) * found.variance(g));
      EXPECT_NEAR(found.at(f, g), plain_covariance(rows, static_cast<std::size_t>(f), static_cast<std::size_t>(g)),
                  tolerance);
      EXPECT_EQ(found.at(f, g), found.at(g, f));
    }
  EXPECT_NEAR(found.correlation(0, 1), 0.8, 0.03);
  EXPECT_EQ(found.correlation(2, 2), 1.0);
}

TEST(Covariance, HasTheSameBytesOnAllRankAndThreadCountsOfAllCustomersAndOfASample) {
  const Rows rows = related_rows(9001);
  for (const std::int64_t most : {9001, 2000}) {
    const Covariance alone = *covariance_on({}, rows, most);
    for (const int threads : {1, 2, 3}) {
      omp_set_num_threads(threads);
      const Covariance found = *covariance_on(world(), rows, most);
      EXPECT_EQ(found.customers, alone.customers);
      EXPECT_EQ(found.mean, alone.mean);
      EXPECT_EQ(found.values, alone.values);
    }
    omp_set_num_threads(1);
  }
}

TEST(Covariance, OfASampleIsAnEstimateThatFollowsTheSeed) {
  const Rows rows = related_rows(9001);

  const Covariance one = *covariance_on(world(), rows, 2000);
  const Covariance other = *covariance_on(world(), rows, 2000, 2);

  EXPECT_TRUE(one.is_of_sample);
  EXPECT_NEAR(static_cast<double>(one.customers), 2000, 200);
  EXPECT_NE(one.values, other.values);
  EXPECT_NEAR(one.correlation(0, 1), 0.8, 0.05);
}

TEST(Covariance, CopesWithOneCustomerAConstantAndTooManyFeatures) {
  const Covariance one = *covariance_on(world(), {{3.0, 4.0}});
  EXPECT_EQ(one.values, std::vector<double>(4));
  EXPECT_TRUE(std::isnan(one.correlation(0, 1)));
  EXPECT_TRUE(std::isnan(covariance_on(world(), {{1, 7}, {2, 7}})->correlation(0, 1)));
  EXPECT_FALSE(covariance_on(world(), normal_rows(3, most_covariance_features + 1, 1)));
  EXPECT_TRUE(covariance_on(world(), normal_rows(3, most_covariance_features, 1)));
}

TEST(Eigenvalues, AreTheLargestFirst) {
  Covariance turned;  // by 45 degrees: variances 9 and 1 along the diagonals
  turned.features = 2;
  turned.values = {5, 4, 4, 5};

  const std::vector<double> values = eigenvalues(turned);

  ASSERT_EQ(values.size(), 2u);
  EXPECT_NEAR(values[0], 9, 1e-12);
  EXPECT_NEAR(values[1], 1, 1e-12);
}

}  // namespace cardseg::portfolio
