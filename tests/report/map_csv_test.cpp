#include "cardseg/report/map_csv.hpp"

#include <gmock/gmock.h>

#include "report/fit_content_samples.hpp"

namespace cardseg::report {
namespace {

using testing::HasSubstr;
using testing::Not;

// Two segments of two features on axes of them.
samples::Content with_map() {
  samples::Content content = samples::content_of(2, 2);
  profile::PrincipalMap& map = content.evidence.map.emplace();
  map.axes.axes[0] = {{1, 0}, 0.5, 2.0};
  map.axes.axes[1] = {{0, 1}, 0.25, 1.0};
  map.axes.mean = {0.5, 0};
  map.side = 0.5;
  map.customers.assign(96 * 96, 0);
  map.segment.assign(96 * 96, -1);
  map.customers[map.bin(48, 47)] = 500;
  map.segment[map.bin(48, 47)] = 1;
  content.model.centroids.values = {1, 2, -1, -2};
  return content;
}

}  // namespace

TEST(MapCsv, HasAxesCentresAndSquares) {
  EXPECT_EQ(map_csv(with_map().content()),
            "kind,segment,feature,x,y,width,customers\n"
            "share,,,0.5,0.25,,\n"
            "sd,,,2,1,,\n"
            "weight,,some_column_0,1,0,,\n"
            "weight,,some_column_1,0,1,,\n"
            "centre,1,,0.5,2,,2000\n"
            "centre,2,,-1.5,-2,,1000\n"
            "square,2,,0.25,-0.25,0.5,500\n");
}

TEST(MapCsv, PlacesACentreByMediansWhereMeansAreWithheld) {
  samples::Content content = with_map();
  profile::NumberProfile& numbers = content.profile.columns[0].numbers[1];
  numbers.mean.is_withheld = true;
  numbers.quantile[profile::median] = {60, false};  // (60 - 50) * 0.1

  EXPECT_THAT(map_csv(content.content()), HasSubstr("centre,1,,0.5,2,"));
  numbers.quantile[profile::median] = {90, false};
  EXPECT_THAT(map_csv(content.content()), HasSubstr("centre,1,,3.5,2,"));
  numbers.quantile[profile::median] = {std::nan(""), true};
  EXPECT_THAT(map_csv(content.content()), HasSubstr("centre,1,,0,2,"));
}

TEST(MapCsv, LeavesOutWithheldSegments) {
  samples::Content content = with_map();
  content.profile.customers[2] = {0, true};

  EXPECT_THAT(map_csv(content.content()), Not(HasSubstr("centre,2")));
}

}  // namespace cardseg::report
