#include "cardseg/core/utc_time.hpp"

#include <gmock/gmock.h>

namespace cardseg::core {
namespace {

TEST(UtcTime, HasSecondsAndItsZone) {
  EXPECT_THAT(utc_now(), testing::MatchesRegex("20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z"));
}

}  // namespace
}  // namespace cardseg::core
