#include "cardseg/cluster/point_distances.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "cardseg/cluster/nearest.hpp"
#include "support/every_width.hpp"
#include "support/make_matrix.hpp"
#include "support/random_rows.hpp"

namespace cardseg::cluster {
namespace {

template <class T>
void expect_plain_distances(int features) {
  const support::Rows rows = support::clustered_rows(37, features, 3, 91);
  const auto matrix = support::make_matrix<T>({}, rows);
  const std::vector<double> point = matrix.point(5);
  const auto grid = core::FixedPoint::for_values(1e3, 37);
  support::for_every_width([&](const std::string& width) {
    for (std::int64_t t = 0; t < matrix.tiles(); ++t) {
      std::int64_t quanta[portfolio::tile_rows];
      find_point_distances(matrix.tile(t), point.data(), features, grid, quanta);
      for (std::int64_t i = 0; i < portfolio::tile_rows && 16 * t + i < 37; ++i)
        EXPECT_EQ(quanta[i],
                  grid.round(std::sqrt(squared_distance(matrix.point(16 * t + i).data(), point.data(), features))))
            << width;
    }
  });
}

}  // namespace

TEST(PointDistances, AreThoseOfTheDefinitionOnTheGrid) {
  for (int features : {1, 7, 16}) {
    expect_plain_distances<float>(features);
    expect_plain_distances<double>(features);
  }
}

}  // namespace cardseg::cluster
