#include "cardseg/profile/principal_map.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <sstream>
#include <string>

#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"
#include "support/world.hpp"

namespace cardseg::profile {
namespace {

using support::make_matrix;
using support::Rows;
using support::world;

// Five features; the first two say the same but for a sign and have most of the variance, then comes the third.
Rows stretched_rows(std::size_t count) {
  Rows rows = support::normal_rows(count, 5, 7);
  for (std::vector<double>& x : rows) {
    x[0] = 3 * x[0];
    x[1] = 0.01 * x[1] - x[0];
    x[2] = 10 + 2 * x[2];
  }
  return rows;
}

PrincipalAxes axes_of(const comm::Communicator& comm, const Rows& rows) {
  return *principal_axes(*compute_covariance(comm, make_matrix<double>(comm, rows), 1));
}

// The columns of a CSV file but the first, gaps filled with the mean, z-scored.
Rows z_scores(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  Rows rows;
  while (std::getline(file, line)) {
    std::istringstream cells(line.substr(line.find(',') + 1) + ",");
    std::vector<double>& x = rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',') && cell != "\r";)
      x.push_back(cell.empty() ? std::nan("") : std::stod(cell));
  }
  for (std::size_t f = 0; f < rows.front().size(); ++f) {
    double sum = 0.0;
    double count = 0.0;
    for (const auto& x : rows)
      if (!std::isnan(x[f])) sum += x[f], ++count;
    double squares = 0.0;
    for (auto& x : rows) {
      x[f] = std::isnan(x[f]) ? 0.0 : x[f] - sum / count;
      squares += x[f] * x[f];
    }
    for (auto& x : rows) x[f] /= std::sqrt(squares / static_cast<double>(rows.size()));
  }
  return rows;
}

// Segment 0 to the left of the first axis, 1 to its right.
PrincipalMap map_on(const comm::Communicator& comm, const Rows& rows) {
  const auto matrix = make_matrix<double>(comm, rows);
  std::vector<std::int32_t> segment;
  for (std::int64_t i = 0; i < matrix.rows(); ++i) segment.push_back(matrix.at(i, 0) > 0 ? 1 : 0);
  return map_customers(comm, matrix, axes_of(comm, rows), 2, segment);
}

}  // namespace

TEST(PrincipalAxes, AreThoseOfTheLargestVariances) {
  const PrincipalAxes axes = axes_of(world(), stretched_rows(20'000));

  EXPECT_NEAR(axes.axes[0].share, 18.0 / 24, 0.01);
  EXPECT_NEAR(axes.axes[1].share, 4.0 / 24, 0.01);
  EXPECT_NEAR(axes.axes[0].sd, std::sqrt(18.0), 0.05);
  EXPECT_NEAR(axes.mean[2], 10, 0.05);
  EXPECT_NEAR(axes.axes[1].direction[2], 1.0, 0.01);
}

// Explained variance of scikit-learn's PCA; also in published notebooks on these data.
TEST(PrincipalAxes, OfCreditCardHoldersHaveThePublishedShares) {
  const char* data = std::getenv("CARDSEG_SHARED_DATA");
  const std::string path = std::string(data == nullptr ? "/nonexistent" : data) + "/cc_general.csv";
  if (!std::ifstream(path)) GTEST_SKIP() << "cc_general.csv is not here";

  const PrincipalAxes axes = axes_of(world(), z_scores(path));

  EXPECT_EQ(axes.customers, 8950);
  EXPECT_NEAR(axes.axes[0].share, 0.27290037, 5e-9);
  EXPECT_NEAR(axes.axes[1].share, 0.20301991, 5e-9);
}

TEST(PrincipalAxes, PointToWhereTheirLargestComponentGrows) {
  portfolio::Covariance covariance{2, 100, false, {0, 0}, {1, -0.5, -0.5, 1}};

  const PrincipalAxes axes = *principal_axes(covariance);

  EXPECT_NEAR(axes.axes[0].direction[0], std::sqrt(0.5), 1e-9);
  EXPECT_EQ(axes.axes[0].direction[0], -axes.axes[0].direction[1]);
  EXPECT_EQ(axes.axes[1].direction[0], axes.axes[1].direction[1]);
}

TEST(PrincipalAxes, NeedTwoDirections) {
  EXPECT_FALSE(principal_axes({1, 100, false, {0}, {1}}));
  EXPECT_FALSE(principal_axes({2, 100, false, {0, 0}, {1, 0, 0, 0}}));
  EXPECT_FALSE(principal_axes({2, 100, false, {0, 0}, {0, 0, 0, 0}}));
}

TEST(PrincipalMap, CountsEveryCustomerOnce) {
  const PrincipalMap map = map_on(world(), stretched_rows(5003));

  EXPECT_EQ(std::accumulate(map.customers.begin(), map.customers.end(), map.outside.customers), 5003);
  EXPECT_LT(map.outside.customers, 10);
  // Left of the middle are the customers of one segment, right of it those of the other.
  const int left = map.axes.at({-3, 3, 10, 0, 0}).x < 0 ? 0 : 1;
  for (int column = 0; column < PrincipalMap::bins_along; ++column)
    for (int row = 0; row < PrincipalMap::bins_along; ++row)
      if (map.customers[map.bin(column, row)] > 0 && std::abs(column - 47.5) > 4) {
        EXPECT_EQ(map.segment[map.bin(column, row)], column < 48 ? left : 1 - left);
      }
}

TEST(PrincipalMap, TellsOfNoBinOfFewCustomers) {
  const PrincipalMap exact = map_on({}, stretched_rows(3001));
  const PrincipalMap told = disclosed(exact, 10);

  std::int64_t hidden = 3001 - told.outside.customers;
  for (std::size_t b = 0; b < told.customers.size(); ++b) {
    EXPECT_TRUE(told.customers[b] == 0 || told.customers[b] == exact.customers[b]);
    EXPECT_TRUE(told.customers[b] == 0 || told.customers[b] >= 10);
    EXPECT_TRUE(told.customers[b] > 0 || told.segment[b] == -1);
    hidden -= told.customers[b];
  }
  EXPECT_GE(hidden, 10);
}

TEST(PrincipalMap, HidesTheNextBinWhereOneOfFewWouldFollow) {
  PrincipalMap exact;
  exact.customers.assign(96 * 96, 0);
  exact.segment.assign(96 * 96, 0);
  exact.customers[5] = 3;
  exact.customers[6] = 12;
  exact.customers[7] = 11;
  exact.outside = {400};

  const PrincipalMap told = disclosed(exact, 10);

  EXPECT_EQ(told.customers[5] + told.customers[7], 0);
  EXPECT_EQ(told.customers[6], 12);
  EXPECT_EQ(told.outside.customers, 400);
  EXPECT_EQ(disclosed(told, 10).customers, told.customers);
}

TEST(PrincipalMap, IsTheSameOnAllRankAndThreadCounts) {
  const Rows rows = stretched_rows(3001);
  const PrincipalMap alone = map_on({}, rows);

  for (const int threads : {1, 3}) {
    omp_set_num_threads(threads);
    const PrincipalMap found = map_on(world(), rows);

    EXPECT_EQ(found.customers, alone.customers);
    EXPECT_EQ(found.segment, alone.segment);
    EXPECT_EQ(found.outside.customers, alone.outside.customers);
    EXPECT_EQ(found.side, alone.side);
    EXPECT_EQ(found.axes.axes[0].direction, alone.axes.axes[0].direction);
    EXPECT_EQ(found.axes.axes[1].direction, alone.axes.axes[1].direction);
  }
  omp_set_num_threads(1);
}

}  // namespace cardseg::profile
