#include "cardseg/report/numbers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace cardseg::report {

TEST(ShownNumber, HasThreeSignificantDigitsAndAllOfAWholePart) {
  EXPECT_EQ(shown_number(0.12345), "0.123");
  EXPECT_EQ(shown_number(41.27), "41.3");
  EXPECT_EQ(shown_number(1234567.8), "1,234,568");
  EXPECT_EQ(shown_number(-1234.5, 5), "-1,234.5");
  EXPECT_EQ(shown_number(97523.930024, 10), "97,523.93002");
}

TEST(ShownNumber, HasNoZerosThatSayNothing) {
  EXPECT_EQ(shown_number(2.5), "2.5");
  EXPECT_EQ(shown_number(80), "80");
  EXPECT_EQ(shown_number(100), "100");
  EXPECT_EQ(shown_number(0), "0");
  EXPECT_EQ(shown_number(-0.0), "0");
}

TEST(ShownNumber, RoundsIntoTheNextPowerOfTen) {
  EXPECT_EQ(shown_number(9.996), "10");
  EXPECT_EQ(shown_number(999.7), "1,000");
}

TEST(ShownNumber, HasNoExponent) {
  EXPECT_EQ(shown_number(0.00000123), "0.00000123");
  EXPECT_EQ(shown_number(1e-300), "< 0.000001");
  EXPECT_EQ(shown_number(-1e-9), "> -0.000001");
  EXPECT_EQ(shown_number(123456789012345), "123,456,789,012,345");
  EXPECT_EQ(shown_number(1.25e300), "1.25 x 10^300");
}

TEST(ShownNumber, SaysWhatIsNotFinite) {
  EXPECT_EQ(shown_number(std::nan("")), "-");
  EXPECT_EQ(shown_number(std::numeric_limits<double>::infinity()), "infinite");
  EXPECT_EQ(shown_fixed(-std::numeric_limits<double>::infinity(), 2), "-infinite");
}

TEST(ShownFixed, KeepsItsDecimalsAndNoMinusOfNothing) {
  EXPECT_EQ(shown_fixed(9226.84, 1), "9,226.8");
  EXPECT_EQ(shown_fixed(1, 2), "1.00");
  EXPECT_EQ(shown_fixed(-0.001, 2), "0.00");
  EXPECT_EQ(shown_fixed(-0.006, 2), "-0.01");
  EXPECT_EQ(shown_fixed(1e20, 2), "1 x 10^20");
}

TEST(ShownShare, HasADecimalWhereItMatters) {
  EXPECT_EQ(shown_share(0.4237), "42 %");
  EXPECT_EQ(shown_share(0.0837), "8.4 %");
  EXPECT_EQ(shown_share(0.0996), "10 %");
  EXPECT_EQ(shown_share(0.997), "99.7 %");
  EXPECT_EQ(shown_share(-0.25), "-25 %");
}

TEST(ShownShare, TellsNextToNothingFromNothingAndNextToAllFromAll) {
  EXPECT_EQ(shown_share(0), "0 %");
  EXPECT_EQ(shown_share(1e-9), "< 0.1 %");
  EXPECT_EQ(shown_share(1), "100 %");
  EXPECT_EQ(shown_share(0.99999), "> 99.9 %");
}

TEST(Counted, HasItsNounInSingularOrPlural) {
  EXPECT_EQ(counted(1, "shard"), "1 shard");
  EXPECT_EQ(counted(0, "shard"), "0 shards");
  EXPECT_EQ(counted(1200, "shard"), "1,200 shards");
}

TEST(Readable, LeavesTextOfEveryLanguageAlone) {
  for (const char* text : {"balance <now> & \"then\"",
                           "Gr\xC3\xB6\xC3\x9F"
                           "e",
                           "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", "\xF0\x9F\x92\xB3"})
    EXPECT_EQ(readable(text), text);
}

TEST(Readable, ReplacesWhatATerminalOrAPageWouldObey) {
  EXPECT_EQ(readable("a\tb\r\nc"), "a b  c");
  EXPECT_EQ(readable("\x1b[2J"), "?[2J");
  EXPECT_EQ(readable(std::string("\0\x7F", 2)), "??");
  EXPECT_EQ(readable("\xC2\x9B"), "?");  // a control character of two bytes
  EXPECT_EQ(readable("a\xE2\x80\xAE"
                     "b\xE2\x81\xA6"
                     "c"),
            "a?b?c");                        // turned to the left, isolated
  EXPECT_EQ(readable("\xEF\xBF\xBF"), "?");  // no character of XML
}

TEST(Readable, ReplacesEachByteThatIsNotUtf8) {
  EXPECT_EQ(readable("a\xFFz"), "a?z");
  EXPECT_EQ(readable("\xC3"), "?");
  EXPECT_EQ(readable("\xED\xA0\x80"), "???");  // half of a surrogate pair
}

}  // namespace cardseg::report
