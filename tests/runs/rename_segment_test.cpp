#include "cardseg/run/rename_segment.hpp"

#include <gtest/gtest.h>

#include "support/thrown_error.hpp"

namespace cardseg::run {

using core::ExitCode;
using support::error_of;

TEST(SegmentName, MayBeWhatPeopleWrite) {
  for (const char* name : {"Cash-dependent revolvers", "A", "7 %",
                           "Gr\xC3\xB6\xC3\x9F"
                           "e & Co. \"old\"",
                           "\xF0\x9F\x92\xB3 card users", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D"})
    EXPECT_NO_THROW(check_segment_name(name)) << name;
}

TEST(SegmentName, HasNothingThatATableOrATerminalWouldObey) {
  for (const char* name : {"", " ", "a ", "\ta", "a\nb", "a\x1b[2J", "\xFF",
                           "a\xE2\x80\xAE"
                           "b",
                           "a\xE2\x81\xA3"
                           "b",
                           "=1+2", "+1", "-1", "@sum"})
    EXPECT_EQ(error_of([&] { check_segment_name(name); }).code(), ExitCode::usage) << name;
}

TEST(SegmentName, IsCountedInCharacters) {
  std::string umlauts;
  for (std::size_t i = 0; i < most_name_characters; ++i) umlauts += "\xC3\xBC";

  EXPECT_NO_THROW(check_segment_name(umlauts));
  EXPECT_EQ(error_of([&] { check_segment_name(umlauts + "x"); }).code(), ExitCode::usage);
}

}  // namespace cardseg::run
