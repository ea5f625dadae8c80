#include "cardseg/quality/study_options.hpp"

#include <gmock/gmock.h>

#include "cardseg/quality/segment_list.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::quality {
namespace {

using support::error_of;
using testing::ElementsAre;
using testing::HasSubstr;

void expect_refused(const std::string& list, const std::string& reason) {
  const core::Error error = error_of([&] { parse_segment_list(list); });

  EXPECT_EQ(error.code(), core::ExitCode::usage) << list;
  EXPECT_THAT(error.what(), HasSubstr("segments cannot hold")) << list;
  EXPECT_THAT(error.what(), HasSubstr(reason)) << list;
}

}  // namespace

TEST(SegmentList, IsANumberARangeOrAList) {
  EXPECT_THAT(parse_segment_list("5"), ElementsAre(5));
  EXPECT_THAT(parse_segment_list("2..5"), ElementsAre(2, 3, 4, 5));
  EXPECT_THAT(parse_segment_list("7..7"), ElementsAre(7));
  EXPECT_THAT(parse_segment_list("2,4,8..10"), ElementsAre(2, 4, 8, 9, 10));
}

TEST(SegmentList, IsSortedAndHoldsEachNumberOnce) {
  EXPECT_THAT(parse_segment_list("8,2..4,3,8"), ElementsAre(2, 3, 4, 8));
}

TEST(SegmentList, RefusesWhatIsNoList) {
  expect_refused("", "a number is missing");
  expect_refused("2..", "a number is missing");
  expect_refused("..5", "a number is missing");
  expect_refused("2,,4", "a number is missing");
  expect_refused("2,", "a number is missing");
  expect_refused("2..abc", "'abc' is no whole number");
  expect_refused("2...5", "'.5' is no whole number");
  expect_refused("2-5", "'2-5' is no whole number");
  expect_refused("3.5", "'3.5' is no whole number");
  expect_refused("2 ..5", "'2 ' is no whole number");
}

TEST(SegmentList, RefusesNumbersOutOfRange) {
  expect_refused("12..2", "the range runs backwards");
  expect_refused("0..3", "0 is not from 1 to 1000");
  expect_refused("-1", "-1 is not from 1 to 1000");
  expect_refused("2..1001", "1001 is not from 1 to 1000");
  expect_refused("2,99999999999999999999", "is not from 1 to 1000");
}

TEST(StudyOptions, GiveEachFitItsNumberOfSegments) {
  StudyOptions options;
  options.segments = "3,5";
  options.fit.restarts = 4;

  const std::vector<cluster::FitOptions> fits = fit_options(options);

  ASSERT_EQ(fits.size(), 2u);
  EXPECT_EQ(fits[0].segments, 3);
  EXPECT_EQ(fits[1].segments, 5);
  EXPECT_EQ(fits[1].restarts, 4);
}

TEST(StudyOptions, AreCheckedBeforeAnythingIsRead) {
  EXPECT_NO_THROW(validate(StudyOptions{}));
  StudyOptions options;
  options.fit.restarts = 0;
  EXPECT_THAT(error_of([&] { validate(options); }).what(), HasSubstr("restarts cannot be 0"));
  options = {};
  options.silhouette_sample = -1;
  EXPECT_THAT(error_of([&] { validate(options); }).what(), HasSubstr("silhouette-sample cannot be -1"));
  options = {};
  options.fit.seeding = cluster::Seeding::file;
  EXPECT_THAT(error_of([&] { validate(options); }).what(), HasSubstr("seeding cannot be file"));
}

}  // namespace cardseg::quality
